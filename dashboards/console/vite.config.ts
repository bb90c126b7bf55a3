import { defineConfig } from "vite";

/** Builds the console into `dist/console`, from where Outrider serves it; `npm run build:console`. */
export default defineConfig({
  root: "dashboards/console",
  logLevel: "warn",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    // Browsers that know light-dark(), which carries both themes.
    target: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 300,
  },
  // For work on the console itself: npx vite -c dashboards/console/vite.config.ts, beside a running Outrider.
  server: { host: "127.0.0.1", port: 8199, proxy: { "/api": "http://127.0.0.1:8090" } },
});
