// Whether the path loses data of a connection that is open: a request in small pieces, each sent when the last is acknowledged.
//
//  1. Connections are begun one after the other until one comes about: where some requests get no answer, another may.
//  2. A piece is one segment, and its acknowledgement one packet back. The loss of either makes TCP send it again, which no
//     late acknowledgement does: Linux waits 200 ms beyond the round trip (TCP_RTO_MIN, net/tcp.h), others delay theirs by 40.
//  3. It ends with a whole request, so that the server sees nothing but a slow client.

import net from "node:net";
import tls from "node:tls";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { OpenFlow } from "../../src/schema/events/open-flow.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import type { Libc } from "../native/libc.ts";
import { openTcp, type TcpSocket } from "../native/tcp-socket.ts";
import { secure } from "./tls-client.ts";
import { requestText, type WebOptions } from "./web-request.ts";

export interface OpenFlowSpec {
  readonly address: string;
  readonly family: Family;
  readonly port: number;
  /** What it offers where larger segments are lost; null: the kernel's own. */
  readonly mss: number | null;
  readonly zoneIndex: number;
  readonly request: WebOptions;
  /** How long it goes on once it is connected. */
  readonly lastsMs: number;
}

const POLL_MS = 2;
/** Between two pieces: nobody takes them for a flood. */
const GAP_MS = 40;
/** Each is as good as the next, unless the path or a limit drops its SYN. */
const CONNECTIONS = 3;
/** After the first repetition of a SYN (RFC 6298 s.2). */
const NEXT_MS = 1100;
const GOODBYE_MS = 200;
/** A field that servers ignore, one byte of which is a piece. */
const FIELD = "X-Trace: ";

/** Null where nothing connects, TCP_INFO is refused, or the run ends. */
export async function probeOpenFlow(
  libc: Libc,
  spec: OpenFlowSpec,
  context: ProbeContext,
): Promise<OpenFlow | null> {
  const connected = await connect(libc, spec, context);
  if (connected === null) return null;
  const { socket, begun } = connected;
  const { address, family, port } = spec;
  const startedMs = context.clock.now();
  const counted = await sendPieces(socket, spec, context);
  if (counted === null) return null;
  const ms = context.clock.now() - startedMs;
  return { kind: "open-flow", address, family, port, begun, ...counted, ms };
}

/** The first that comes about; the others are closed. */
async function connect(
  libc: Libc,
  spec: OpenFlowSpec,
  { clock, signal }: ProbeContext,
): Promise<{ readonly socket: TcpSocket; readonly begun: number } | null> {
  const open: TcpSocket[] = [];
  let found: TcpSocket | undefined;
  const startedMs = clock.now();
  const limitMs = CONNECTIONS * NEXT_MS;
  for (let ms = 0; !signal.aborted && ms < limitMs; ms = clock.now() - startedMs) {
    if (open.length < CONNECTIONS && ms >= open.length * NEXT_MS) {
      const opened = openTcp(libc, spec, spec.mss);
      if (opened.kind !== "connecting") break;
      open.push(opened.socket);
    }
    found = open.find(({ accepted, takeError }) => takeError() === null && accepted());
    if (found !== undefined) break;
    await clock.sleep(POLL_MS);
  }
  for (const socket of open) if (socket !== found) socket.close();
  return found === undefined ? null : { socket: found, begun: open.length };
}

async function sendPieces(
  socket: TcpSocket,
  { request, lastsMs }: OpenFlowSpec,
  { clock, signal }: ProbeContext,
): Promise<Pick<OpenFlow, "roundTrips" | "repeated"> | null> {
  const raw = new net.Socket({ fd: socket.fd, readable: true, writable: true });
  raw.setNoDelay(true);
  const stream = request.scheme === "https" ? secure(raw, request, ["http/1.1"]) : raw;
  const startedMs = clock.now();
  let over = false;
  let ready = !(stream instanceof tls.TLSSocket);
  stream.once("secureConnect", () => {
    ready = true;
  });
  for (const event of ["end", "close", "error"]) {
    stream.on(event, () => {
      over = true;
    });
  }
  stream.resume();
  // The descriptor is Node's, and may be another's once the stream is over.
  const info = () => (over || signal.aborted ? undefined : socket.info());
  const until = async (isReached: (info: TcpInfo) => boolean, limitMs: number) => {
    const startedMs = clock.now();
    for (let seen = info(); seen !== undefined; seen = info()) {
      if (isReached(seen)) return seen;
      if (clock.now() - startedMs > limitMs) return undefined;
      await clock.sleep(POLL_MS);
    }
    return undefined;
  };
  try {
    // A server that is busy takes its time, in which nothing is lost.
    const first = await until(({ unacked }) => ready && unacked === 0, lastsMs);
    if (first === undefined || first.bytesAcked === null) return null;
    const left = () => lastsMs - (clock.now() - startedMs);
    const [head, end] = splitRequest(request);
    let roundTrips = 0;
    let latest = first;
    for (let piece = head; left() > 0; piece = "x") {
      const before = latest.bytesAcked ?? 0;
      const pieceMs = clock.now();
      stream.write(piece);
      const seen = await until(
        ({ unacked, bytesAcked }) => unacked === 0 && (bytesAcked ?? 0) > before,
        left(),
      );
      latest = seen ?? info() ?? latest;
      if (seen === undefined) break;
      roundTrips += 1;
      await clock.sleep(Math.max(0, GAP_MS - (clock.now() - pieceMs)));
    }
    stream.end(end);
    // It leaves, and the answer is nobody's concern.
    await until(() => false, GOODBYE_MS);
    return { roundTrips, repeated: latest.totalRetrans - first.totalRetrans };
  } finally {
    stream.destroy();
    raw.destroy();
  }
}

/** The request up to its end, with a field that goes on for as long as it takes. */
function splitRequest(request: WebOptions): readonly [string, string] {
  const end = "\r\n\r\n";
  const whole = requestText(request);
  return [`${whole.slice(0, whole.lastIndexOf(end))}\r\n${FIELD}`, end];
}
