// Whether mere loss may be why some flows are silent each time they are probed.

import { DEAD_BEYOND_LOSS, EXPECTED_LOSS } from "./thresholds.ts";

/** Of one flow: what it sent that got no answer, and that got one. */
export interface FlowCount {
  readonly missed: number;
  readonly answered: number;
}

/** Of what was sent, how much was lost. */
export interface Count {
  readonly sent: number;
  readonly lost: number;
}

export interface DeadFlows<F> {
  readonly flows: readonly F[];
  /** How much likelier than by loss alone it is, as a natural logarithm. */
  readonly evidence: number;
}

/**
 * The silent flows that loss does not explain, or null. Two stories of the same packets are weighed
 * against each other. The one has a single rate of loss for all flows, the rate that suits it best:
 * the silent ones are chosen afterwards, so their silence must count for the rate too. The other has
 * some flows that never pass, any number of them and any ones, and a rate for the rest (universal
 * inference: L. Wasserman, A. Ramdas, S. Balakrishnan, PNAS 117 (2020), s.7).
 * @param silent without any answer
 * @param starts locations at which the silence might begin, where the likeliest was picked
 */
export function deadBeyondLoss<F extends FlowCount>(
  silent: readonly F[],
  others: readonly FlowCount[],
  starts = 1,
): DeadFlows<F> | null {
  const all = [...silent, ...others];
  const missed = sumOf(all.map((flow) => flow.missed));
  const answered = sumOf(all.map((flow) => flow.answered));
  const order = silent.filter((flow) => flow.missed > 0).sort((a, b) => b.missed - a.missed);
  if (answered === 0) return null;
  const byLoss = logOfRate(missed, answered);
  const stories = order.map((_, n) => {
    const flows = order.slice(0, n + 1);
    const dead = sumOf(flows.map((flow) => flow.missed));
    const which = Math.log(all.length - 1) + logChoose(all.length, flows.length);
    const byDeath = logOfExpected(missed - dead, answered) - which - Math.log(starts);
    return { flows, evidence: byDeath - byLoss };
  });
  const best = strongest(stories);
  return best !== null && best.evidence > Math.log(DEAD_BEYOND_LOSS) ? best : null;
}

/** The one with the most evidence; null without any. */
export function strongest<F>(stories: readonly DeadFlows<F>[]): DeadFlows<F> | null {
  return stories.reduce<DeadFlows<F> | null>(
    (found, one) => (found === null || one.evidence > found.evidence ? one : found),
    null,
  );
}

/** The natural logarithm of the binomial coefficient. */
export function logChoose(all: number, some: number): number {
  if (some < 0 || some > all) return Number.NEGATIVE_INFINITY;
  return sumOf(Array.from({ length: some }, (_, n) => Math.log((all - n) / (n + 1))));
}

/**
 * The chance that so few of the ones are lost, or fewer, if both lose alike: Fisher's exact test, one
 * side of it (R. A. Fisher, Statistical Methods for Research Workers, s.21.02).
 */
export function chanceAlike(ones: Count, others: Count): number {
  const lost = ones.lost + others.lost;
  const all = ones.sent + others.sent;
  const counts = Array.from({ length: ones.lost + 1 }, (_, n) => n);
  return counts.reduce(
    (sum, n) =>
      sum +
      Math.exp(
        logChoose(lost, n) + logChoose(all - lost, ones.sent - n) - logChoose(all, ones.sent),
      ),
    0,
  );
}

/** With the rate of loss under which these packets are likeliest. */
function logOfRate(missed: number, answered: number): number {
  const rate = missed / (missed + answered);
  const of = (count: number, chance: number) => (count === 0 ? 0 : count * Math.log(chance));
  return of(missed, rate) + of(answered, 1 - rate);
}

/** With every rate of loss, each as much as it is expected. */
function logOfExpected(missed: number, answered: number): number {
  const rising = (from: number, count: number) =>
    sumOf(Array.from({ length: count }, (_, n) => Math.log(from + n)));
  const { lost, kept } = EXPECTED_LOSS;
  return rising(lost, missed) + rising(kept, answered) - rising(lost + kept, missed + answered);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
