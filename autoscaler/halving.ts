/** What a function is at the middle of a range, and the steps into its two halves. */
interface Step {
  readonly value: number;
  lower: Step | undefined;
  upper: Step | undefined;
}

/**
 * Finds by halving the smallest whole number from `low` to `high` where a function that never falls reaches what is
 * wanted; `high` where it never does. What a step found out is kept for the next one who asks: a plan asks for dozens
 * of loads of one curve, and all begin with the same steps. O(log (high − low)).
 */
export function halving(
  valueAt: (n: number) => number,
  low: number,
  high: number,
): (wanted: number) => number {
  const stepAt = (from: number, to: number): Step => ({
    value: valueAt(Math.floor((from + to) / 2)),
    lower: undefined,
    upper: undefined,
  });
  let first: Step | undefined;
  return (wanted) => {
    let from = low;
    let to = high;
    let before: Step | undefined;
    let isLower = false;
    while (from < to) {
      let step: Step;
      if (before === undefined) step = first ??= stepAt(from, to);
      else if (isLower) step = before.lower ??= stepAt(from, to);
      else step = before.upper ??= stepAt(from, to);
      const middle = Math.floor((from + to) / 2);
      isLower = step.value >= wanted;
      if (isLower) to = middle;
      else from = middle + 1;
      before = step;
    }
    return from;
  };
}
