// Why something is not known, where several facts, stages and rules say the same: each sentence once.

export const ADDRESS_GIVEN = "an address was given";
export const NAME_NOT_RESOLVED = "the name was not resolved";
export const NO_QUERY = "no name was queried";
export const NO_SERVER = "resolv.conf names no server";
export const NO_SNAPSHOT = "there is no host snapshot";
export const NOT_CONNECTED = "nothing was connected to";
export const NOT_TRIED = "no connection was tried";

/** The kernel refused to say which way a packet takes; `error` is the errno's name. */
export function routeUnread(error: string): string {
  return `the kernel's route cannot be read here (${error})`;
}

/** Somebody answers for every address, so an answer proves nothing about the target. */
export function echoOfNobody(address: string): string {
  return `${address}, which nobody has, answered an echo request too`;
}

/** A range of sizes with both ends in it. */
export function betweenBytes(least: number | string, most: number): string {
  return `between ${least} and ${most} bytes`;
}

/** Why nothing of Windows is known. */
export function noWindowsEvidence(reason: string): string {
  return `no Windows evidence: ${reason}`;
}

/** Loss that only what others limit shows. */
export const LOSS_CONTRADICTED =
  "requests for connections were lost in quick succession, and neither those far apart nor data: by a busy server, or on one of several paths";
