// Data sent up for as long as the server takes it: HEAD requests with padded headers over one connection, whose answers are small.

import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { ProbeContext } from "../../src/probe.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import type { Upload } from "../../src/schema/events/transfer.ts";
import type { Libc } from "../native/libc.ts";
import { openTcp } from "../native/tcp-socket.ts";
import { secure } from "./tls-client.ts";
import { connected, type TransferSpec } from "./transfer.ts";
import { hostField } from "./web-request.ts";

export type UploadSpec = Pick<
  TransferSpec,
  "address" | "family" | "port" | "zoneIndex" | "request" | "maxBytes" | "maxMs" | "stallMs"
> & { readonly variant: Upload["variant"] };

/** Web servers take requests of 8 KiB (nginx, large_client_header_buffers; Apache, LimitRequestFieldSize). */
const PAD_BYTES = 6000;
/** Apache ends a connection behind so many (MaxKeepAliveRequests 100); nginx behind as many or more. */
const MAX_REQUESTS = 90;
const POLL_MS = 20;

/** Aborted, it is told as far as it got; null where TCP_INFO is refused, as nothing shows what arrived then. */
export async function runUpload(
  libc: Libc,
  spec: UploadSpec,
  context: ProbeContext,
): Promise<Upload | null> {
  const { clock, signal } = context;
  const opened = openTcp(libc, spec, null);
  if (opened.kind !== "connecting") return null;
  const { socket } = opened;
  if ((await connected(socket, context)) !== null) {
    socket.close();
    return null;
  }
  const negotiated = socket.negotiated();
  const raw = socket.stream();
  const stream = spec.request.scheme === "https" ? secure(raw, spec.request, ["http/1.1"]) : raw;
  const text = requestsText(spec);
  const sending: Sending = { over: null, info: socket.info() ?? null, movedMs: clock.now() };
  send(stream, text, sending);
  // The last may come with the end of the connection, when nothing is to be read any more.
  stream.on("data", () => {
    sending.info = socket.info() ?? sending.info;
    sending.movedMs = clock.now();
  });
  const startedMs = clock.now();
  let outcome: Upload["outcome"] | null = null;
  while (outcome === null && !signal.aborted) {
    await clock.sleep(POLL_MS);
    // The descriptor is Node's, and may be another's once the stream is over.
    const seen = sending.over === null ? socket.info() : undefined;
    if (seen !== undefined && seen.bytesAcked !== sending.info?.bytesAcked) {
      sending.movedMs = clock.now();
    }
    sending.info = seen ?? sending.info;
    outcome = outcomeAt(sending, text.length, spec, { startedMs, nowMs: clock.now() });
  }
  stream.destroy();
  raw.destroy();
  const { info, movedMs } = sending;
  if (info?.bytesAcked == null || outcome === null) return null;
  const { variant, address, family, port } = spec;
  return {
    kind: "upload",
    variant,
    address,
    family,
    port,
    outcome,
    sentBytes: text.length,
    ackedBytes: info.bytesAcked,
    ms: movedMs - startedMs,
    silentMs: clock.now() - movedMs,
    negotiated,
    info,
  };
}

interface Sending {
  /** The code of its end, empty for one in order; null while it goes on. */
  over: string | null;
  info: TcpInfo | null;
  movedMs: number;
}

/** As soon as it can be sent. */
function send(stream: Duplex, text: string, sending: Sending): void {
  if (stream instanceof tls.TLSSocket) stream.once("secureConnect", () => stream.write(text));
  else stream.write(text);
  const over = (code: string) => {
    sending.over ??= code;
  };
  stream.on("error", (error) => over("code" in error ? String(error.code) : error.message));
  stream.on("end", () => over(""));
  stream.on("close", () => over(""));
}

/** Null while it goes on. */
function outcomeAt(
  { over, info, movedMs }: Sending,
  wantedBytes: number,
  { maxMs, stallMs }: UploadSpec,
  { startedMs, nowMs }: { readonly startedMs: number; readonly nowMs: number },
): Upload["outcome"] | null {
  const silentMs = nowMs - movedMs;
  const isLate = nowMs - startedMs > maxMs && silentMs < stallMs / 2;
  if ((info?.bytesAcked ?? 0) >= wantedBytes || isLate) return "enough";
  if (over !== null) return over === "" ? "ended" : "reset";
  return silentMs > stallMs ? "stalled" : null;
}

function requestsText({ request, maxBytes }: UploadSpec): string {
  const count = Math.min(MAX_REQUESTS, Math.ceil(maxBytes / PAD_BYTES));
  const one = (connection: string) =>
    [
      `HEAD ${request.path} HTTP/1.1`,
      `Host: ${hostField(request)}`,
      `User-Agent: ${request.userAgent}`,
      `Connection: ${connection}`,
      `X-Padding: ${"p".repeat(PAD_BYTES)}`,
      "",
      "",
    ].join("\r\n");
  return `${one("keep-alive").repeat(count - 1)}${one("close")}`;
}
