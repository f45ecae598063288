// Whether a target answers, for the price of a handshake: its name, a connection, and the first thing that its protocol has to say.

import net from "node:net";
import tls from "node:tls";
import type { Checked } from "../../src/patrol/patrol.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";
import { beginsWithTls } from "../../src/schemes.ts";

export interface CheckedTarget {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
  readonly scheme: Scheme;
}

/** As long as a diagnosis calls a stall one. */
const PATIENCE_MS = 5000;

/** Whose servers speak first; what they say is short. */
const GREETED: readonly Scheme[] = ["ssh", "smtp", "ftp", "imap", "pop3", "mysql"];

/** What is waited for, and whether packets of full size are among it: a certificate is long, other first words are not. */
interface Wanted {
  readonly event: "secureConnect" | "connect" | "data";
  readonly request: string | null;
  readonly isWhole: boolean;
}

export function answers(target: CheckedTarget, signal: AbortSignal): Promise<Checked> {
  const { host, port, scheme } = target;
  // No handshake says anything of them.
  if (scheme === "udp" || scheme === "icmp") return Promise.resolve(UNTOLD);
  const { event, request, isWhole } = wantedOf(target);
  return new Promise((resolve) => {
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    // Who answers is asked by the diagnosis; here it only counts that somebody does.
    const socket =
      event === "secureConnect"
        ? tls.connect({ host, port, rejectUnauthorized: false, ...servername })
        : net.connect({ host, port });
    const end = (isUp: boolean) => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve({ isUp, isWhole });
    };
    const stop = () => end(false);
    signal.addEventListener("abort", stop, { once: true });
    socket.setTimeout(PATIENCE_MS, stop);
    if (request !== null) socket.once("connect", () => socket.write(request));
    socket.once(event, () => end(true));
    // Closed without a word.
    socket.once("end", stop);
    socket.on("error", stop);
  });
}

const UNTOLD: Checked = { isUp: null, isWhole: false };

function wantedOf({ host, scheme }: CheckedTarget): Wanted {
  if (beginsWithTls(scheme)) return { event: "secureConnect", request: null, isWhole: true };
  if (scheme === "http") {
    const name = net.isIPv6(host) ? `[${host}]` : host;
    const request = `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`;
    return { event: "data", request, isWhole: false };
  }
  return { event: GREETED.includes(scheme) ? "data" : "connect", request: null, isWhole: false };
}
