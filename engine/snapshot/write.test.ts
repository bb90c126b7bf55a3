import { describe, expect, it } from "vitest";
import { anOperator, aSnapshot, aSubtask, file, keyedIn } from "../../test/support/raw-snapshots.ts";
import { propertiesOf, type RawSnapshot, writeMetadata } from "./index.ts";

describe("what the format cannot say is refused", () => {
  it.each<[string, RawSnapshot, string]>([
    ["version 1", aSnapshot({ version: 1 }), "got version 1; expected a version from 2 to 7"],
    ["version 8", aSnapshot({ version: 8 }), "got version 8; expected a version from 2 to 7"],
    [
      "version 4 without properties",
      aSnapshot({ version: 4, properties: null }),
      "got version 4 without properties; expected them from version 4",
    ],
    [
      "version 3 with properties",
      aSnapshot({ version: 3, properties: propertiesOf("checkpoint") }),
      "got version 3 with properties; expected them from version 4",
    ],
    [
      "an id of another length",
      aSnapshot({ operators: [anOperator({ id: "ab" })] }),
      "got the operator id ab; expected 32 hex digits",
    ],
    [
      "a text of 65,536 bytes",
      aSnapshot({
        operators: [anOperator({ subtasks: [aSubtask(0, keyedIn(file("é".repeat(32_768), 1n)))] })],
      }),
      "got 65536 bytes; expected at most 65535",
    ],
    [
      "a finished subtask in version 2",
      aSnapshot({ version: 2, operators: [anOperator({ subtasks: [{ index: 0, state: null }] })] }),
      "got a finished subtask in version 2; expected version 3 or later",
    ],
    [
      "merged channels in version 5",
      aSnapshot({
        version: 5,
        operators: [
          anOperator({
            subtasks: [
              aSubtask(0, {
                inputChannels: [
                  {
                    kind: "merged-channels",
                    subtask: 0,
                    size: 1n,
                    stream: file("/a", 1n),
                    offsets: new Uint8Array(0),
                  },
                ],
              }),
            ],
          }),
        ],
      }),
      "got merged channels in version 5; expected 6",
    ],
  ])("%s", (_, snapshot, message) => {
    expect(() => writeMetadata(snapshot)).toThrow(
      expect.objectContaining({ code: "bad-request", message: expect.stringContaining(message) }),
    );
  });
});
