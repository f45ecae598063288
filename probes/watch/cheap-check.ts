// Whether a target answers, for the price of a handshake: its name, a connection, and TLS where that comes first.

import net from "node:net";
import tls from "node:tls";

export interface CheckedTarget {
  readonly host: string;
  readonly port: number;
  /** Whether a TLS handshake comes first, whose certificates are the only large packets of a check. */
  readonly beginsWithTls: boolean;
}

/** As long as a diagnosis calls a stall one. */
const PATIENCE_MS = 5000;

export function answers(target: CheckedTarget, signal: AbortSignal): Promise<boolean> {
  const { host, port, beginsWithTls } = target;
  return new Promise((resolve) => {
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    // Who answers is asked by the diagnosis; here it only counts that somebody does.
    const socket = beginsWithTls
      ? tls.connect({ host, port, rejectUnauthorized: false, ...servername })
      : net.connect({ host, port });
    const end = (isUp: boolean) => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve(isUp);
    };
    const stop = () => end(false);
    signal.addEventListener("abort", stop, { once: true });
    socket.setTimeout(PATIENCE_MS, stop);
    socket.once(beginsWithTls ? "secureConnect" : "connect", () => end(true));
    socket.on("error", stop);
  });
}
