// Whether mere loss may be why some flows are silent each time they are asked.

/** How likely loss may be as the explanation before something else is blamed. */
const CHANCE = 0.001;

/**
 * Whether loss is no explanation any more: the chance that any of the flows is silent in every
 * round, with the loss of those that do answer (Laplace's rule of succession: a path that lost
 * nothing so far may still lose).
 * @param of.missed and @param of.tries of the flows that do answer
 * @param of.rounds tries of each silent flow
 */
export function isBeyondLoss(of: {
  readonly missed: number;
  readonly tries: number;
  readonly flows: number;
  readonly rounds: number;
}): boolean {
  if (of.tries === of.missed) return false;
  const loss = (of.missed + 1) / (of.tries + 2);
  return of.flows * loss ** of.rounds < CHANCE;
}
