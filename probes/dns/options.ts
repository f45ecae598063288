// How queries are sent in a run: whose clock, until when, and for which types.

import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Sockets } from "../native/streams.ts";
import type { TcpQueryOptions } from "./query.ts";
import type { UdpQueryOptions } from "./udp-query.ts";

/** For a query over either. */
export type AnyQueryOptions = UdpQueryOptions & TcpQueryOptions;

/** `--timeout` is about names only in the dns command. */
export function queryOptions(
  { clock, signal, path }: ProbeContext,
  sockets: Sockets,
): AnyQueryOptions {
  const { command, options } = path().run ?? {};
  const asked = command === "dns" ? (options?.timeoutMs ?? null) : null;
  return {
    now: clock.now,
    sleep: clock.sleep,
    connect: sockets.datagram,
    connectStream: sockets.stream,
    signal,
    ...(asked === null ? {} : { waitMs: asked }),
  };
}

/** A connection may use either family, so `-4` and `-6` leave out a type only where names are all there is. */
export function typesOf({ run, resolverConfig }: Path): readonly ("A" | "AAAA")[] {
  const family = run?.command === "dns" ? run.options.family : null;
  if (family === null) return resolverConfig?.options?.noAaaa === true ? ["A"] : ["A", "AAAA"];
  return family === 4 ? ["A"] : ["AAAA"];
}

/** What glibc offers with `options edns0` (resolv/resolv-internal.h, RESOLV_EDNS_BUFFER_SIZE). */
const EDNS0_BYTES = 1200;

/** What `options` of resolv.conf change about each query of the C library. */
export function configuredOptions({
  resolverConfig,
}: Path): Pick<UdpQueryOptions, "ednsBytes" | "inTurn"> {
  const { edns0, singleRequest } = resolverConfig?.options ?? {};
  return {
    ...(edns0 === true ? { ednsBytes: EDNS0_BYTES } : {}),
    ...(singleRequest === undefined ? {} : { inTurn: singleRequest }),
  };
}
