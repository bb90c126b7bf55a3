import { expect, it } from "vitest";
import { operatorIdOf } from "./operator-id.ts";

it.each([
  ["gen", "6bf01baa9d2ca23a3ef7ce311722523d"],
  ["work", "674df9b0384c0348e0b9d1034a44c46c"],
  ["count", "b71731f1c0df9c3076c4a455334d0ad6"],
  ["drop", "69e0ddb5967fa158203236ac5766dbb1"],
])("the operator %s has the id that Flink gave it", (uid, id) => {
  expect(operatorIdOf(uid)).toBe(id);
});

/** Computed with Flink's own hash function (128 bits, seed 0) over the UTF-8 bytes. */
it.each([
  ["", "00000000000000000000000000000000"],
  ["a", "897859f6655555855a890e51483ab5e6"],
  ["abcdefg", "99e49ec09f2fcda6b6bb55b13aa23a1c"],
  ["abcdefgh", "028cef37b00a8acca14069eb600d8948"],
  ["abcdefghi", "64793cf1cfc0470533e041b7f53db579"],
  ["abcdefghijklmno", "fb2f0c895124be8a612a969c2d8c546a"],
  ["abcdefghijklmnop", "23b74c22a33ccac41aeb31b395d63343"],
  ["abcdefghijklmnopq", "57a6bd887f746475e40d11a19d49daec"],
  ["a-very-long-uid-of-more-than-thirty-two-bytes-é€😀", "a41d607196c81b39ec2cccaf73357a3d"],
])("the id of %j is Flink's, whatever its length", (uid, id) => {
  expect(operatorIdOf(uid)).toBe(id);
});
