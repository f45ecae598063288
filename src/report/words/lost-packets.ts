// What of a sentence about loss is said of its counts, its beginning and its place.

interface Begin {
  readonly fromTtl: number;
  readonly toTtl: number;
  readonly distance: number;
}

export function formatBegin(begin: Begin | null): string {
  if (begin === null) return "";
  const { fromTtl, toTtl, distance } = begin;
  const at = fromTtl === toTtl ? `hop ${fromTtl}` : `one of the hops ${fromTtl} to ${toTtl}`;
  return `; loss begins at ${at} and stays to the target at hop ${distance}`;
}

interface LostOf {
  readonly sent: number;
  readonly lost: number;
}

export function formatLarge(
  {
    towards,
    large,
    small,
  }: { readonly towards: string; readonly large: LostOf; readonly small: LostOf },
  largeBytes: number,
  smallBytes: number,
): string {
  return `${towards}, ${large.lost} of ${large.sent} connections with packets of ${largeBytes} bytes had to repeat some, and ${small.lost} of ${small.sent} with ${smallBytes} bytes`;
}

export function formatSlow({ sent, lost }: LostOf): string {
  return sent === 0 ? "" : `, and ${lost} of ${sent} a second apart`;
}

export function formatElsewhere({ sent, lost }: LostOf): string {
  return sent === 0 ? "" : `, and ${lost} of ${sent} to a port where nobody listens`;
}

export function formatOpen({ sent, lost }: LostOf): string {
  if (sent === 0) return "";
  return `, while ${lost === 0 ? "none" : lost} of ${sent} segments over an open connection ${lost === 1 ? "was" : "were"} lost`;
}

export function formatDrops(
  drops: { readonly count: number; readonly first: string } | null,
): string {
  return drops === null ? "" : `; this kernel dropped ${drops.count} of them: ${drops.first}`;
}

export const MAY_BE_DROPPED_HERE =
  "this kernel drops packets that came in, and whose they are is not observable: they may be the answers";
