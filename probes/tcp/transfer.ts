// One answer read on behind its first bytes, over a connection of its own, until it ends, is enough or stalls.

import tls from "node:tls";
import type { ProbeContext } from "../../src/probe.ts";
import { CLOSED_UNANSWERED } from "../../src/schema/constants.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import type { Transfer } from "../../src/schema/events/transfer.ts";
import type { Connection, ConnectionOpen, Wire } from "../native/connection.ts";
import { IPPROTO_TCP, TCP_WINDOW_CLAMP } from "../native/constants.ts";
import type { Libc } from "../native/libc.ts";
import { openTcp } from "../native/tcp-socket.ts";
import { secure } from "./tls-client.ts";
import { fieldsOf, requestText, type WebOptions } from "./web-request.ts";

export interface TransferSpec {
  readonly variant: Transfer["variant"];
  readonly address: string;
  readonly family: Family;
  readonly port: number;
  readonly zoneIndex: number;
  readonly request: WebOptions;
  /** TCP payload, TLS included, after which it is enough. */
  readonly maxBytes: number;
  /** How long it may go on, as far as something comes. */
  readonly maxMs: number;
  /** How long nothing may come. */
  readonly stallMs: number;
  /** Opens a connection of our own in place of the kernel's. */
  readonly open?: () => ConnectionOpen;
}

const POLL_MS = 20;
/** Three SYNs (0, 1 and 3 s) are given their chance. */
const CONNECT_MS = 3500;
/** Silence after which a line is sent: whether it is acknowledged tells a server that waits from a dead connection. */
const LINE_AFTER_MS = 1000;
/**
 * Of the silence that is a stall: where more was announced, the line only tells more of one. A proxy whose server has long closed loses
 * what it holds when a line comes (RFC 9112 s.9.6), so that one which only rests would be cut off by it.
 */
const LATE_SHARE = 0.5;
/** RFC 9112 s.2.2: a server ignores an empty line before a request. */
const EMPTY_LINE = "\r\n";
/** The largest window that needs no scaling (RFC 7323 s.2.2). */
const UNSCALED_WINDOW = 65535;
/** What fits any path: RFC 9293 s.3.7.1. */
export const SMALL_MSS = 536;

/** Aborted, it is told as far as it got. */
export async function runTransfer(
  libc: Libc,
  spec: TransferSpec,
  context: ProbeContext,
): Promise<Transfer> {
  const mss = spec.variant === "small-mss" ? SMALL_MSS : null;
  const opened = spec.open?.() ?? openTcp(libc, spec, mss, optionsOf(spec));
  if (opened.kind !== "connecting") return failed(spec, opened.error);
  const { socket } = opened;
  const error = await connected(socket, context);
  if (error !== null) {
    socket.close();
    return failed(spec, error);
  }
  return read(socket, spec, context);
}

function optionsOf({ variant }: TransferSpec) {
  if (variant !== "no-window-scaling") return [];
  const value = Buffer.alloc(4);
  value.writeInt32LE(UNSCALED_WINDOW);
  return [{ level: IPPROTO_TCP, name: TCP_WINDOW_CLAMP, value, optional: false }];
}

/** Null when it is connected, else why not. */
export async function connected(
  { takeError, accepted }: Connection,
  { clock, signal }: ProbeContext,
): Promise<string | null> {
  const startedMs = clock.now();
  while (!signal.aborted && clock.now() - startedMs < CONNECT_MS) {
    const error = takeError();
    if (error !== null) return error;
    if (accepted()) return null;
    await clock.sleep(POLL_MS);
  }
  return "ETIMEDOUT";
}

/** What has come so far; times are the clock's. */
interface Reading {
  over: { readonly code: string | null; readonly enough?: true } | null;
  info: TcpInfo | null;
  firstMs: number | null;
  movedMs: number;
  /** What had been acknowledged when a line was sent into the silence; null while none was. */
  lineAfterBytes: number | null;
}

async function read(
  socket: Connection,
  spec: TransferSpec,
  { clock, signal }: ProbeContext,
): Promise<Transfer> {
  const negotiated = socket.negotiated();
  const content = contentOf();
  const reading: Reading = {
    over: null,
    info: socket.info() ?? null,
    firstMs: null,
    movedMs: clock.now(),
    lineAfterBytes: null,
  };
  const { stream, close } = request(socket.stream(), spec, {
    data: (chunk) => {
      reading.movedMs = clock.now();
      reading.firstMs ??= reading.movedMs;
      reading.info = socket.info() ?? reading.info;
      content.add(chunk);
      if (content.missing() === 0) reading.over ??= { code: null };
      if (content.bytes() >= spec.maxBytes) reading.over ??= { code: null, enough: true };
    },
    end: (code) => {
      reading.over ??= { code };
    },
  });
  const outcome = await follow(reading, spec, {
    // The descriptor is Node's, and may be another's once the stream is over.
    info: () => (reading.over === null ? socket.info() : undefined),
    sendLine: () => stream.write(EMPTY_LINE),
    isAnnounced: () => content.missing() !== null,
    clock,
    signal,
  });
  const { info, firstMs, movedMs, over, lineAfterBytes } = reading;
  close();
  return {
    ...headOf(spec),
    outcome: firstMs === null ? "failed" : outcome,
    detail: firstMs === null ? detailOf(over) : null,
    receivedBytes: info?.bytesReceived ?? content.bytes(),
    missingBytes: content.missing(),
    ms: firstMs === null ? 0 : Math.max(0, movedMs - firstMs),
    silentMs: clock.now() - movedMs,
    acknowledged: lineAfterBytes === null ? null : (info?.bytesAcked ?? 0) > lineAfterBytes,
    negotiated,
    info,
  };
}

/** Sends the request as soon as it can be sent. */
function request(
  raw: Wire,
  { request: wanted }: TransferSpec,
  events: { data(chunk: Buffer): void; end(code: string | null): void },
) {
  const stream = wanted.scheme === "https" ? secure(raw, wanted, ["http/1.1"]) : raw;
  if (stream instanceof tls.TLSSocket) {
    stream.on("secureConnect", () => stream.write(requestText(wanted)));
  } else {
    stream.write(requestText(wanted));
  }
  stream.on("data", events.data);
  stream.on("end", () => events.end(null));
  stream.on("close", () => events.end(null));
  stream.on("error", (error) => events.end("code" in error ? String(error.code) : error.message));
  const close = () => {
    stream.destroy();
    raw.destroy();
  };
  return { stream, close };
}

interface Line extends Pick<ProbeContext, "clock" | "signal"> {
  info(): TcpInfo | undefined;
  sendLine(): void;
  /** Whether the answer says how long it is. */
  isAnnounced(): boolean;
}

async function follow(
  reading: Reading,
  spec: TransferSpec,
  { info, sendLine, isAnnounced, clock, signal }: Line,
): Promise<Transfer["outcome"]> {
  while (!signal.aborted) {
    const seen = info();
    const nowMs = clock.now();
    if (seen !== undefined) {
      if (seen.bytesReceived !== reading.info?.bytesReceived) reading.movedMs = nowMs;
      reading.info = seen;
    }
    const outcome = outcomeAt(reading, spec, nowMs);
    if (outcome !== null) return outcome;
    const afterMs = isAnnounced() ? spec.stallMs * LATE_SHARE : LINE_AFTER_MS;
    const isSilent = reading.firstMs !== null && nowMs - reading.movedMs > afterMs;
    if (isSilent && reading.lineAfterBytes === null) {
      reading.lineAfterBytes = reading.info?.bytesAcked ?? 0;
      sendLine();
    }
    await clock.sleep(POLL_MS);
  }
  return "stalled";
}

/** Null while it goes on. */
function outcomeAt(
  { over, info, firstMs, movedMs }: Reading,
  { maxBytes, maxMs, stallMs }: TransferSpec,
  nowMs: number,
): Transfer["outcome"] | null {
  if (over !== null) return over.enough ? "enough" : outcomeOf(over, firstMs !== null);
  const silentMs = nowMs - movedMs;
  const isLate = firstMs !== null && nowMs - firstMs > maxMs && silentMs < LINE_AFTER_MS;
  if ((info?.bytesReceived ?? 0) >= maxBytes || isLate) return "enough";
  return silentMs > stallMs ? "stalled" : null;
}

function outcomeOf({ code }: { readonly code: string | null }, began: boolean) {
  if (code === null) return "ended";
  return began && code === "ECONNRESET" ? "reset" : "failed";
}

function detailOf(over: { readonly code: string | null } | null): string {
  return over === null ? "no answer" : (over.code ?? CLOSED_UNANSWERED);
}

const HEADER_END = "\r\n\r\n";
const MAX_HEADER_BYTES = 16_384;

/** Counts what comes, and what the header says that is still to come. */
function contentOf() {
  let header = "";
  let bytes = 0;
  let whole: number | null = null;
  return {
    add: (chunk: Buffer) => {
      bytes += chunk.length;
      if (whole !== null || header.length > MAX_HEADER_BYTES) return;
      header += chunk.toString("latin1");
      const at = header.indexOf(HEADER_END);
      if (at < 0) return;
      const length = fieldsOf(Buffer.from(header, "latin1")).lengthBytes;
      whole = length === undefined ? null : at + HEADER_END.length + length;
      header = header.padEnd(MAX_HEADER_BYTES + 1);
    },
    bytes: () => bytes,
    missing: () => (whole === null ? null : Math.max(0, whole - bytes)),
  };
}

function headOf({ variant, address, family, port }: TransferSpec) {
  return { kind: "transfer" as const, variant, address, family, port };
}

function failed(spec: TransferSpec, detail: string): Transfer {
  return {
    ...headOf(spec),
    outcome: "failed",
    detail,
    receivedBytes: 0,
    missingBytes: null,
    ms: 0,
    silentMs: 0,
    acknowledged: null,
    negotiated: null,
    info: null,
  };
}
