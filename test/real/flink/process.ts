import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { type Child, startChild } from "../support/child.ts";
import { writeConfigDir } from "./config.ts";
import type { FlinkFiles } from "./fetch.ts";

/** Main classes of Flink's processes. */
export const entryPoint = {
  jobManager: "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
  taskManager: "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
};

/** A Flink and the folder that it loads plugins from. */
export interface FlinkWithPlugins extends FlinkFiles {
  readonly pluginsDir: string;
}

/** Its plugins are those of the cache or, when others are given, links to it and to them. */
export function withPlugins(flink: FlinkFiles, others: readonly string[], workDir: string): FlinkWithPlugins {
  const own = dirname(flink.pluginJar);
  if (others.length === 0) return { ...flink, pluginsDir: dirname(own) };
  const pluginsDir = join(workDir, "plugins");
  mkdirSync(pluginsDir, { recursive: true });
  for (const plugin of [own, ...others]) symlinkSync(plugin, join(pluginsDir, basename(plugin)));
  return { ...flink, pluginsDir };
}

/** Starts one Flink process with its own configuration folder, temporary folder and log file, on `cores` if given. */
export function startFlinkProcess(
  flink: FlinkWithPlugins,
  workDir: string,
  name: string,
  javaOptions: readonly string[],
  mainClass: string,
  config: Readonly<Record<string, string>>,
  cores?: string,
): Child {
  const temporary = join(workDir, `tmp-${name}`);
  mkdirSync(temporary, { recursive: true });
  const confDir = writeConfigDir(join(workDir, `conf-${name}`), { ...config, "io.tmp.dirs": temporary });
  const jars = readdirSync(flink.libDir).map((jar) => join(flink.libDir, jar));
  const logging = `-Dlog4j.configurationFile=file:${join(confDir, "log4j.properties")}`;
  const home = process.env["JAVA_HOME"];
  const java = home === undefined ? "java" : join(home, "bin", "java");
  const args = [...javaOptions, logging, "-cp", jars.join(delimiter), mainClass, "-c", confDir];
  return startChild({
    name,
    ...(cores === undefined
      ? { command: java, args }
      : { command: "taskset", args: ["-c", cores, java, ...args] }),
    env: {
      FLINK_CONF_DIR: confDir,
      FLINK_PLUGINS_DIR: flink.pluginsDir,
      FLINK_LIB_DIR: flink.libDir,
    },
    cwd: workDir,
    logFile: join(workDir, "log", `${name}.log`),
  });
}
