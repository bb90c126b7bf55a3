import type { FlinkVersion } from "./fetch.ts";

const exported = [
  "java.rmi/sun.rmi.registry",
  ...["api", "file", "parser", "tree", "util"].map((part) => `jdk.compiler/com.sun.tools.javac.${part}`),
  "java.security.jgss/sun.security.krb5",
];

const opened = [
  "java.lang",
  "java.net",
  "java.io",
  "java.nio",
  "sun.nio.ch",
  "java.lang.reflect",
  "java.text",
  "java.time",
  "java.util",
  "java.util.concurrent",
  "java.util.concurrent.atomic",
  "java.util.concurrent.locks",
];

/** What the config.yaml that ships with Flink has in `env.java.opts.all`; the scripts would pass it to Java. */
function moduleOptions(version: FlinkVersion): string[] {
  const exports = version.startsWith("1.") ? [...exported, "java.base/sun.net.util"] : exported;
  return [
    ...exports.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
    ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  ];
}

const small = ["-XX:MaxMetaspaceSize=256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Java options of a small JobManager. */
export function jobManagerOptions(version: FlinkVersion): string[] {
  return ["-Xmx384m", "-Xms128m", ...small, ...moduleOptions(version)];
}

/** Java options of a small TaskManager, in step with the memory keys of its configuration. */
export function taskManagerOptions(version: FlinkVersion): string[] {
  return ["-Xmx192m", "-Xms192m", "-XX:MaxDirectMemorySize=134217728", ...small, ...moduleOptions(version)];
}
