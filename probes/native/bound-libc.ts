// Sockets of one interface alone (SO_BINDTODEVICE): every socket of a run is bound as it is opened.

import { TraceError } from "../../src/errors.ts";
import { AF_INET, SO_BINDTODEVICE, SOCK_CLOEXEC, SOCK_DGRAM, SOL_SOCKET } from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";

/**
 * @param device undefined: the interface of the routes
 * @throws TraceError where there is no such interface, or a kernel before 5.7 allows it to root alone
 */
export function boundTo(libc: Libc, device: string | undefined): Libc {
  if (device === undefined) return libc;
  const name = Buffer.from(device);
  const bind = (fd: number) =>
    libc.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) === 0;
  const tried = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const error = tried >= 0 && bind(tried) ? null : errnoName(libc.errno());
  if (tried >= 0) libc.close(tried);
  if (error !== null) {
    const hint =
      error === "EPERM" ? "sudo gives the right to" : "`ip link` shows those that there are";
    throw new TraceError(
      "interface-refused",
      `--interface ${device} cannot be used (${error}): ${hint}`,
    );
  }
  return {
    ...libc,
    socket: (domain, type, protocol) => {
      const fd = libc.socket(domain, type, protocol);
      if (fd < 0 || bind(fd)) return fd;
      libc.close(fd);
      return -1;
    },
  };
}
