/** Why we refuse some bytes that Flink loads. */
interface Reason {
  readonly why: string;
  readonly sentence: RegExp;
}

/**
 * The only reasons for which a `_metadata` file that Flink loads may be refused by us. In each of them the file is not
 * what any Flink wrote, and Flink does not look there, or goes on with what it can make of it.
 */
const REASONS: readonly Reason[] = [
  {
    why: "bytes after the end, which Flink leaves unread",
    sentence: /^goes on at byte/,
  },
  {
    why: "a count that is neither 0 nor 1, which Flink takes for 1",
    sentence: /^a count of -?\d+ operator states/,
  },
  {
    why: "the same subtask or operator twice, of which Flink keeps the last: it would drop the other's state",
    sentence: /twice/,
  },
  { why: "a list of less than no items, which Flink takes for none", sentence: /^a count of -\d+/ },
  {
    why: "sizes or ids that a number cannot hold exactly",
    sentence: /more than \d+ bytes|larger than can be told/,
  },
  { why: "a truth value that is neither 0 nor 1, which Flink takes for 1", sentence: /^a truth value of/ },
  {
    why: "ranges of key groups and segments that are or begin below zero",
    sentence: /^a (?:range|segment) of/,
  },
  {
    why: "properties of classes or fields that no Flink has, where Java does not compare",
    sentence: /properties|enum of no enum class/,
  },
  { why: "text that is not in Java's UTF-8, in a part that Flink skips", sentence: /modified UTF-8/ },
];

/** The reason for a refusal; undefined when it is none of the known ones. */
export function reasonFor(sentence: string): string | undefined {
  return REASONS.find((reason) => reason.sentence.test(sentence))?.why;
}
