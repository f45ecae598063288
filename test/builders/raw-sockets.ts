// Raw sockets of pure data: keeps what was sent, and delivers what a test passes in.

import type { RawOptions, RawSockets } from "../../probes/native/raw-socket.ts";
import { UnsupportedProbeError } from "../../src/errors.ts";

export interface FakeRawSockets extends RawSockets {
  readonly sent: readonly { readonly packet: Buffer; readonly address: string }[];
  /** Protocols of the sockets that are open. */
  readonly open: (options: RawOptions) => ReturnType<RawSockets["open"]>;
  opened(): readonly number[];
  /** A message for the sockets of a protocol: with its IP header in IPv4, without in IPv6. */
  arrive(protocol: number, bytes: Buffer, from: string): void;
  fail(error: string): void;
}

/** @param refuse a protocol whose socket or whose sends the kernel refuses */
export function fakeRawSockets(
  refuse: { readonly open?: number; readonly send?: string } = {},
): FakeRawSockets {
  const live = new Set<RawOptions>();
  const sent: { packet: Buffer; address: string }[] = [];
  return {
    sent,
    opened: () => [...live].map(({ protocol }) => protocol),
    arrive: (protocol, bytes, from) => {
      for (const one of [...live]) if (one.protocol === protocol) one.onMessage(bytes, from);
    },
    fail: (error) => {
      for (const one of [...live]) one.onFailure(error);
    },
    open: (options) => {
      if (refuse.open === options.protocol) {
        throw new UnsupportedProbeError("raw sockets", { requires: "CAP_NET_RAW (EPERM)" });
      }
      live.add(options);
      return {
        send: (packet, address, result) => {
          result.left();
          if (refuse.send === undefined) sent.push({ packet, address });
          else result.refused(refuse.send);
        },
        close: () => {
          live.delete(options);
        },
      };
    },
  };
}
