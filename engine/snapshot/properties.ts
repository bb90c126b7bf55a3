import type { SavepointFormat, SnapshotKind } from "../../model/index.ts";
import type { Cursor } from "./cursor.ts";
import { unsupported } from "./defect.ts";
import { type JavaClass, JavaObjects, type JavaValue } from "./java-object.ts";
import { writeJavaObject } from "./write-java-object.ts";

const CHECKPOINT = "org.apache.flink.runtime.checkpoint";
const FORMAT = "org.apache.flink.core.execution.SavepointFormatType";
const SHARING = `${CHECKPOINT}.SnapshotType$SharingFilesStrategy`;
const ACTION = `${CHECKPOINT}.SavepointType$PostCheckpointAction`;
const signature = (name: string): string => `L${name.replaceAll(".", "/")};`;

const enumClass = (name: string): JavaClass => ({
  name,
  uid: "0000000000000000",
  flags: 0x12,
  fields: [],
  parent: name === "java.lang.Enum" ? null : enumClass("java.lang.Enum"),
});
const plainClass = (name: string, uid: string, fields: readonly string[]): JavaClass => ({
  name,
  uid,
  flags: 2,
  fields,
  parent: null,
});

const FLAGS = [
  "discardCancelled",
  "discardFailed",
  "discardFinished",
  "discardSubsumed",
  "discardSuspended",
  "forced",
  "unclaimed",
];
const TYPE_FIELD = `L checkpointType ${signature(`${CHECKPOINT}.SnapshotType`)}`;
const NAME_FIELD = "L name Ljava/lang/String;";
const SHARING_FIELD = `L sharingFilesStrategy ${signature(SHARING)}`;
const FORMAT_FIELD = `L formatType ${signature(FORMAT)}`;
const ACTION_FIELD = `L postCheckpointAction ${signature(ACTION)}`;

/** The classes of the properties, the same in Flink 1.16 to 2.3. Java refuses another serialVersionUID. */
const CLASSES = {
  properties: plainClass(`${CHECKPOINT}.CheckpointProperties`, "0000000000000002", [
    ...FLAGS.map((flag) => `Z ${flag}`),
    TYPE_FIELD,
  ]),
  checkpoint: plainClass(`${CHECKPOINT}.CheckpointType`, "d6de4f0305ae1d3a", [NAME_FIELD, SHARING_FIELD]),
  savepoint: plainClass(`${CHECKPOINT}.SavepointType`, "a087d308a45814b8", [
    FORMAT_FIELD,
    NAME_FIELD,
    ACTION_FIELD,
  ]),
  sharing: enumClass(SHARING),
  format: enumClass(FORMAT),
  action: enumClass(ACTION),
};
const SHARINGS = ["FORWARD_BACKWARD", "FORWARD", "NO_SHARING"];
const ACTIONS = ["NONE", "SUSPEND", "TERMINATE"];
const FORMATS = new Map<string, SavepointFormat>([
  ["CANONICAL", "canonical"],
  ["NATIVE", "native"],
]);

/** What the properties at the end of a `_metadata` file tell. */
export interface Properties {
  readonly kind: SnapshotKind;
  readonly format: SavepointFormat | null;
}

/**
 * Reads the properties: one Java object of the classes above. Well-formed but other ones are `unsupported`: Flink would
 * refuse them unless its own classes changed.
 */
export function readProperties(cursor: Cursor): Properties {
  const { offset } = cursor;
  const properties = new JavaObjects(cursor).read();
  const type = isObject(properties, CLASSES.properties) ? properties.fields.get(TYPE_FIELD) : undefined;
  if (isObject(type, CLASSES.checkpoint) && isText(type.fields.get(NAME_FIELD))) {
    if (SHARINGS.includes(constantOf(type.fields.get(SHARING_FIELD), CLASSES.sharing)))
      return { kind: "checkpoint", format: null };
  }
  if (isObject(type, CLASSES.savepoint) && isText(type.fields.get(NAME_FIELD))) {
    const format = FORMATS.get(constantOf(type.fields.get(FORMAT_FIELD), CLASSES.format));
    const known = ACTIONS.includes(constantOf(type.fields.get(ACTION_FIELD), CLASSES.action));
    if (format !== undefined && known) return { kind: "savepoint", format };
  }
  throw unsupported(
    offset,
    `the checkpoint properties at byte ${offset} are none that Flink 1.16–2.3 writes`,
  );
}

type JavaObject = Extract<JavaValue, { kind: "object" }>;

function isObject(value: JavaValue | undefined, type: JavaClass): value is JavaObject {
  return value?.kind === "object" && sameClass(value.type, type);
}

const isText = (value: JavaValue | undefined): boolean => value?.kind === "string";

function constantOf(value: JavaValue | undefined, type: JavaClass): string {
  return value?.kind === "enum" && sameClass(value.type, type) ? value.constant : "";
}

function sameClass(a: JavaClass | null, b: JavaClass | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.name === b.name &&
    a.uid === b.uid &&
    a.flags === b.flags &&
    a.fields.join() === b.fields.join() &&
    sameClass(a.parent, b.parent)
  );
}

/** What a snapshot is, for `propertiesOf`. */
export type SnapshotFlavour = "checkpoint" | "canonical savepoint" | "native savepoint";

/**
 * The properties that end a `_metadata` file, byte for byte as Flink 1.20 and 2.3 write them: of a checkpoint that is
 * retained on cancellation, or of a savepoint.
 */
export function propertiesOf(flavour: SnapshotFlavour): Uint8Array {
  return writeJavaObject(propertiesObject(flavour));
}

function propertiesObject(flavour: SnapshotFlavour): JavaValue {
  const checkpoint = flavour === "checkpoint";
  const fields = new Map<string, JavaValue>();
  for (const flag of FLAGS) fields.set(`Z ${flag}`, { kind: "boolean", value: isSet(flag, checkpoint) });
  fields.set(TYPE_FIELD, checkpoint ? checkpointType() : savepointType(flavour));
  return { kind: "object", type: CLASSES.properties, fields };
}

const isSet = (flag: string, checkpoint: boolean): boolean =>
  checkpoint ? flag === "discardFinished" || flag === "discardSubsumed" : flag === "forced";

function checkpointType(): JavaValue {
  const fields = new Map<string, JavaValue>([
    [NAME_FIELD, { kind: "string", value: "Checkpoint" }],
    [SHARING_FIELD, { kind: "enum", type: CLASSES.sharing, constant: "FORWARD_BACKWARD" }],
  ]);
  return { kind: "object", type: CLASSES.checkpoint, fields };
}

function savepointType(flavour: SnapshotFlavour): JavaValue {
  const format = flavour === "native savepoint" ? "NATIVE" : "CANONICAL";
  const fields = new Map<string, JavaValue>([
    [FORMAT_FIELD, { kind: "enum", type: CLASSES.format, constant: format }],
    [NAME_FIELD, { kind: "string", value: "Savepoint" }],
    [ACTION_FIELD, { kind: "enum", type: CLASSES.action, constant: "NONE" }],
  ]);
  return { kind: "object", type: CLASSES.savepoint, fields };
}
