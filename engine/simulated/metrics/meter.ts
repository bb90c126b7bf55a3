/** A rate over the last 60 s of a counter that is marked every 5 s (`org.apache.flink.metrics.MeterView`). */
export interface Meter {
  mark(count: number): void;
  perSecond(): number;
}

const SPAN_SECONDS = 60;
const MARKS = SPAN_SECONDS / 5 + 1;

/** Before its start a counter was 0: that is why rates climb for a minute after every start. */
export function createMeter(): Meter {
  const marks = new Float64Array(MARKS);
  let newest = 0;
  return {
    mark(count) {
      newest = (newest + 1) % MARKS;
      marks[newest] = count;
    },
    perSecond() {
      const oldest = (newest + 1) % MARKS;
      return Math.max(0, (marks[newest] ?? 0) - (marks[oldest] ?? 0)) / SPAN_SECONDS;
    },
  };
}
