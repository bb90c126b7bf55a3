import type { Entrant } from "../../../../sidecar/whatif/contest.ts";
import { staticMean, staticPeak } from "../../../../sidecar/whatif/static-size.ts";
import { awsMsf } from "./aws-msf.ts";
import { clairvoyant } from "./clairvoyant.ts";
import { dataflow } from "./dataflow.ts";
import { ds2 } from "./ds2-policy.ts";
import { flinkDefaults, flinkFast } from "./flink.ts";
import { hpaCpu } from "./hpa.ts";

/** Everybody that Outrider is measured against; the last one rides the oracle's plan, to show that it can be ridden. */
export const opponents: readonly Entrant[] = [
  flinkDefaults,
  flinkFast,
  staticPeak,
  staticMean,
  hpaCpu,
  awsMsf,
  dataflow,
  ds2,
  clairvoyant,
];
