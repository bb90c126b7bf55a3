import { type Command, Option } from "commander";
import type { Attach } from "./commands.ts";
import { CliError } from "./exit.ts";
import type { OrphanFlags } from "./snapshots-orphans.ts";
import type { StorageFlags } from "./snapshots-storage.ts";

interface VerifyFlags extends StorageFlags {
  readonly job?: string;
}

/** `outrider snapshots …`: the ones that read storage need neither Flink nor a running Outrider. */
export function addSnapshotCommands(program: Command, attach: Attach): void {
  const snapshots = program
    .command("snapshots")
    .description("checkpoints and savepoints: can they be restored, and what is in them");

  const verify = withStorage(
    snapshots
      .command("verify")
      .argument("[target]", "a snapshot, a directory of several, or an object-store URL")
      .description(
        "prove that snapshots are whole: exit 0 verified, 3 incomplete or corrupt, 4 unsupported, 5 unknown",
      )
      .option("--job <key>", "what a running Outrider knows of a job's snapshots, instead of a target"),
  );
  attach(verify, async (s, flags: VerifyFlags, [target]) => {
    if ((target === undefined) === (flags.job === undefined)) {
      throw new CliError("snapshots verify: expected either a target or --job KEY");
    }
    if (flags.job !== undefined) return (await import("./snapshots-list.ts")).verifyJob(s, flags.job);
    return (await import("./snapshots-verify.ts")).verifyTarget(s, target ?? "", flags);
  });

  const show = withStorage(
    snapshots
      .command("show")
      .argument("<target>", "a snapshot: its directory or its _metadata")
      .description("what a snapshot holds: operators, files, and who shares them"),
  );
  attach(show, async (s, flags: StorageFlags, [target = ""]) =>
    (await import("./snapshots-show.ts")).showTarget(s, target, flags),
  );

  const orphans = withStorage(
    snapshots
      .command("orphans")
      .argument("<root>", "directory of the checkpoints and savepoints of all jobs that share it")
      .description(
        "files that belong to no snapshot; removes nothing: exit 0 none, 1 some, 5 nobody can tell",
      )
      .option("--min-age <duration>", "younger files may belong to a checkpoint that is being written", "1h"),
  );
  attach(orphans, async (s, flags: OrphanFlags, [root = ""]) =>
    (await import("./snapshots-orphans.ts")).reportOrphans(s, root, flags),
  );

  const list = snapshots
    .command("list")
    .argument("<job>", "job key or name")
    .description("what a job could be restored from, and which one a restore would take");
  attach(list, async (s, _options, [job = ""]) =>
    (await import("./snapshots-list.ts")).listSnapshots(s, job),
  );
}

function withStorage(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return command
    .addOption(
      new Option(
        "--map <from=to>",
        "read what lies at FROM from TO: a copy or a mount; repeatable",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--root <url>",
        "another place that may be read, besides the target's own; repeatable",
      ).argParser(collect),
    )
    .option("--endpoint <url>", "S3 server other than AWS (or AWS_ENDPOINT_URL_S3)");
}
