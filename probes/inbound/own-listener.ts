// A listener of this run's own on a port that nobody serves: takes connections, says nothing, and closes them.

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export type OwnListener =
  | {
      readonly kind: "listening";
      /** Resolves once `arrived` was told of each connection that was open before the call. */
      settled(): Promise<void>;
      close(): void;
    }
  | { readonly kind: "failed"; readonly error: string };

/** On all addresses of both families; of IPv4 alone where there is no IPv6. @param arrived is told of each connection */
export async function listen(
  port: number,
  arrived: (from: string, to: string) => void,
): Promise<OwnListener> {
  const both = await listenOn("::", port, arrived);
  const isWithout6 = both.kind === "failed" && NO_IPV6.has(both.error);
  return isWithout6 ? listenOn("0.0.0.0", port, arrived) : both;
}

const NO_IPV6: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);
/** Loopback answers at once, unless a rule of the distro drops it. */
const SETTLE_LIMIT_MS = 1000;

async function listenOn(
  host: string,
  port: number,
  arrived: (from: string, to: string) => void,
): Promise<OwnListener> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    const { remoteAddress, localAddress } = socket;
    if (remoteAddress !== undefined && localAddress !== undefined) {
      arrived(plain(remoteAddress), plain(localAddress));
    }
    socket.end();
    socket.resume();
  });
  try {
    server.listen({ port, host });
    await once(server, "listening");
    return {
      kind: "listening",
      settled: () => acceptAll(server, port),
      close: () => server.close(),
    };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return { kind: "failed", error: code };
  }
}

/** "::ffff:192.0.2.1" is IPv4 on a socket of both families. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/**
 * The kernel opens connections by itself, and whoever connects may report so before this process has looked: what is not
 * told yet is no sign that it went elsewhere. The queue is taken in order (accept(2)), so that one of our own shows its end.
 */
async function acceptAll(server: Server, port: number): Promise<void> {
  const signal = AbortSignal.timeout(SETTLE_LIMIT_MS);
  const taken = new Set<number | undefined>();
  const note = (socket: Socket) => taken.add(socket.remotePort);
  server.on("connection", note);
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => socket.destroy());
  try {
    await once(socket, "connect", { signal });
    while (!taken.has(socket.localPort)) await once(server, "connection", { signal });
  } catch {
    // A rule that keeps this machine from its own port: what has come until now is all that can be waited for.
  } finally {
    server.off("connection", note);
    socket.destroy();
  }
}
