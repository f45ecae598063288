// Raw sockets of the kernel through koffi, for what no socket of an ordinary user can send; read when they are asked to be.

import { UnsupportedProbeError } from "../../src/errors.ts";
import {
  AF_INET,
  AF_INET6,
  SO_MARK,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { markValue } from "./mark.ts";
import { createReceiver } from "./message.ts";
import type { RawOptions, RawSocket, RawSockets } from "./raw-socket.ts";
import { encodeSockaddr } from "./sockaddr.ts";

export interface KernelRawSockets extends RawSockets {
  /** Hands over what has come since the last call. */
  receive(): void;
}

/** @param zoneIndex of an IPv6 link-local destination, 0 for none */
export function kernelRawSockets(libc: Libc, zoneIndex: number): KernelRawSockets {
  const open = new Set<() => void>();
  return {
    receive: () => {
      for (const read of open) read();
    },
    open: ({ family, protocol, options, onMessage }: RawOptions): RawSocket => {
      const type = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC;
      const fd = checked(libc, libc.socket(family === 4 ? AF_INET : AF_INET6, type, protocol));
      for (const { level, name, value } of options) {
        if (libc.setsockopt(fd, level, name, value, value.length) < 0) {
          const refused = refusal(libc, `socket option ${level}/${name}`);
          libc.close(fd);
          throw refused;
        }
      }
      const receive = createReceiver(libc, fd);
      const read = () => {
        for (let next = receive(0); next !== undefined; next = receive(0)) {
          onMessage(next.data, next.from ?? "");
        }
      };
      open.add(read);
      return {
        send: (packet, address, { mark, left, refused }) => {
          if (mark !== undefined) libc.setsockopt(fd, SOL_SOCKET, SO_MARK, markValue(mark), 4);
          left();
          const to = encodeSockaddr(address, 0, zoneIndex);
          const sent = libc.sendto(fd, packet, packet.length, 0, to, to.length);
          if (sent < 0) refused(errnoName(libc.errno()));
        },
        close: () => {
          if (open.delete(read)) libc.close(fd);
        },
      };
    },
  };
}

function checked(libc: Libc, fd: number): number {
  if (fd < 0) throw refusal(libc, "a raw socket");
  return fd;
}

function refusal(libc: Libc, what: string): UnsupportedProbeError {
  return new UnsupportedProbeError("ping", { requires: `${what} (${errnoName(libc.errno())})` });
}
