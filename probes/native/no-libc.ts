// In the place of libc where koffi does not load: every call is refused, as by a sandbox that refuses them all.

import { constants } from "node:os";
import type { Libc } from "./libc.ts";

const FAILED = -1;
const NS_PER_MS = 1_000_000;

/** What was not opened is read by nobody: no call gets further than its refusal. */
export const NO_LIBC: Libc = {
  socket: () => FAILED,
  setsockopt: () => FAILED,
  getsockopt: () => FAILED,
  connect: () => FAILED,
  bind: () => FAILED,
  listen: () => FAILED,
  getsockname: () => FAILED,
  sendto: () => FAILED,
  recvmsg: () => FAILED,
  poll: () => FAILED,
  close: () => FAILED,
  interfaceName: () => undefined,
  errno: () => constants.errno.ENOSYS,
  addressOf: () => 0n,
  realtimeNs: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * NS_PER_MS)),
};
