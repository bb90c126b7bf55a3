import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{model,collector,autoscaler,recovery,alerts,dashboards,engine,sidecar,test}/**/*.test.ts",
          ],
          exclude: ["test/real/**"],
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          testTimeout: 400_000,
          hookTimeout: 400_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
