// A listener of this run's own on a port that nobody serves: takes connections, says nothing, and closes them.

import { once } from "node:events";
import { createServer, type Server } from "node:net";

export type OwnListener =
  | { readonly kind: "listening"; close(): void }
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
    return { kind: "listening", close: () => server.close() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return { kind: "failed", error: code };
  }
}

/** "::ffff:192.0.2.1" is IPv4 on a socket of both families. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
