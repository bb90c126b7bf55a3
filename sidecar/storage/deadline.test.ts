import { describe, expect, test } from "vitest";
import { chunksWithin, within } from "./deadline.ts";
import { drained } from "./drained.ts";

const never = () => new Promise<never>(() => undefined);
const BOUNDS = { pageTimeoutMs: 20, readTimeoutMs: 10_000, mostPages: 1 };

describe("within its time", () => {
  test("an answer is the answer, and an error stays the error", async () => {
    expect(await within(5_000, "list x", undefined, async () => 42)).toBe(42);
    await expect(within(5_000, "list x", undefined, () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
  });

  test("no answer is a timeout, even where the call ignores the signal", async () => {
    await expect(within(10, "list x", undefined, never)).rejects.toMatchObject({
      code: "timeout",
      message: "cannot list x: got no answer in 10 ms; expected an answer in time",
    });
  });

  test("the call is told to stop, and its echo is not the error", async () => {
    let stopped = false;
    const heeding = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => {
          stopped = true;
          reject(new Error("AbortError"));
        });
      });
    await expect(within(10, "list x", undefined, heeding)).rejects.toMatchObject({ code: "timeout" });
    expect(stopped).toBe(true);
  });

  test("the caller's word ends it at once", async () => {
    const controller = new AbortController();
    const waiting = within(60_000, "list x", controller.signal, never);
    controller.abort();
    await expect(waiting).rejects.toThrow("the order to stop");
    let ran = false;
    const late = within(60_000, "list x", controller.signal, async () => {
      ran = true;
    });
    await expect(late).rejects.toThrow("the order to stop");
    expect(ran).toBe(false);
  });
});

describe("a file that comes in chunks", () => {
  async function* stalling(ended: { value: boolean }) {
    try {
      yield new Uint8Array(3);
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield new Uint8Array(3);
    } finally {
      ended.value = true;
    }
  }

  test("is whole where nothing is late", async () => {
    const chunks = await drained(
      chunksWithin(
        () => stalling({ value: false }),
        "read x",
        { ...BOUNDS, pageTimeoutMs: 10_000 },
        undefined,
      ),
    );
    expect(chunks).toHaveLength(2);
  });

  test("ends with a timeout where the next one does not come", async () => {
    const all = drained(chunksWithin(() => stalling({ value: false }), "read x", BOUNDS, undefined));
    await expect(all).rejects.toMatchObject({ code: "timeout" });
  });

  test("tells a source that hangs to let go", async () => {
    let told = false;
    const hanging = async function* (signal: AbortSignal) {
      signal.addEventListener("abort", () => {
        told = true;
      });
      await never();
      yield new Uint8Array(1);
    };
    await expect(drained(chunksWithin(hanging, "read x", BOUNDS, undefined))).rejects.toThrow("no answer");
    expect(told).toBe(true);
  });

  test("ends its source when the reader has enough", async () => {
    const ended = { value: false };
    for await (const _ of chunksWithin(() => stalling(ended), "read x", BOUNDS, undefined)) break;
    expect(ended.value).toBe(true);
  });
});
