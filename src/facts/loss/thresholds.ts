// From where on loss counts, and what each of these limits was measured against or derived from.

/** A wait that a user notices, and the first repetition of a SYN (RFC 6298 s.2). */
export const USER_VISIBLE_MS = 1000;

/**
 * Connection requests without an answer that are loss. A path that loses one in a hundred in each direction loses
 * so many of forty once in a hundred runs (`test/lab/foreign-loss.test.ts`: one percent is no finding).
 * Loss of less than this share of round trips may pass for none.
 */
export const MIN_LOST = { count: 4, share: 0.08 };

/** Between two SYNs of the measurement: nobody takes them for a flood. */
export const SYN_GAP_MS = 20;

/**
 * How likely it may be that one and the same loss spares other probes, or SYNs far apart, and not SYNs in
 * quick succession. Drawn by chance in `loss-measurement.property.test.ts`; against a server that takes
 * few connections at a time in `test/lab/foreign-flows.test.ts`.
 */
export const SAME_LOSS = 0.003;

/**
 * How likely chance may spare all slow SYNs before a limit is one of pace alone: nine of them, of which half would die,
 * are spared once in 200 times.
 */
export const SPARED_BY_CHANCE = 0.05;

/**
 * How likely it may be that loss of every size spares the small segments of so many connections: six of six beside none
 * of six. It is looked at three times, in two directions.
 */
export const SAME_IN_ALL_SIZES = 0.0015;

/** More likely alike than this: no loss, or one that spares the small ones no more than the large. */
export const NO_DIFFERENCE = 0.5;

/** Connections of one size that lost a segment, of four: one of them is what mild loss of every size shows too. */
export const LOST_AT_SIZE = 2;

/** What is lost now and then before loss begins. */
export const BACKGROUND = 0.01;

/**
 * A location of the start of loss that is so much less likely than the best one is ruled out. With 30, the
 * right hop was left out in 2 of 17 runs at 10 and 20 percent in each direction.
 */
export const ODDS = 100;

/**
 * So many times as likely as loss alone must dead flows be: by Ville's inequality loss alone gets that far
 * in less than one of 300 runs, whatever its rate and however often one looks. Simulated at seven rates of
 * loss in `loss-inference.property.test.ts`; none of 72 runs over lossy paths without ECMP was called dead.
 */
export const DEAD_BEYOND_LOSS = 300;

/** How much flows that pass are expected to lose: a beta distribution, mostly little. */
export const EXPECTED_LOSS = { lost: 0.5, kept: 5 };

/** Enough to meet one branch of two with near certainty: all but 1 in 128 times. */
export const FLOWS_WHEN_AMBIGUOUS = 8;

/** Rounds of SYNs before a flow may be dead. One round shows nothing: a lost packet looks the same. */
export const MIN_ROUNDS = 3;

/** SYNs without an answer, of all flows: what a path that loses one in a hundred in each direction hardly ever shows. */
export const MANY_MISSED = { count: 3, share: 0.08 };

/** Segments that overtook a neighbour, as where two CPUs send a flow's segments: RFC 4737 s.3. */
export const OVERTAKEN = 1;

/** Unanswered probes of one size that count as silence: fewer may be loss. */
export const SILENCES = 3;

/**
 * How likely loss may be to silence a size in all its probes before the size is blamed. Without such a
 * limit 1 of 14 runs over a lossy path had an outbound size limit beside the loss.
 */
export const SIZE_SILENT_BY_LOSS = 0.001;

/** Connections above all sizes that passed which must fail: one may meet loss twice in a row. */
export const FAILURES = 2;

/** How likely loss may be as the explanation of a size's failures, where something shows that the path loses packets. */
export const SIZE_FAILED_BY_LOSS = 0.01;

/**
 * Connections in which TCP had to repeat data, and SYNs that were repeated, where the default attempt lost
 * USER_VISIBLE_MS by it: one sign is what a path that loses one in a hundred shows now and then.
 */
export const SIGNS_WHEN_USER_VISIBLE = 2;

/** Connections whose SYN was repeated, user-visible or not: reordering does not explain them. */
export const REPEATED_SYNS = 3;
