// The one place that touches the raw-socket package: raw sockets of the kernel, one packet at a time.
//
// The package is optional, and some of its behaviour needs care (src/raw.cc, index.js):
//  - sending waits for the event loop, and a socket that has packets to read does not send meanwhile:
//    so whoever sends has a socket of its own, of a protocol that receives nothing;
//  - a message lies in a buffer that the next one overwrites: it is copied;
//  - after close, send and receive would open another socket: they are not called any more;
//  - it keeps the process alive until it is closed.

import { createRequire } from "node:module";
import { messageOf, UnsupportedProbeError } from "../../src/errors.ts";
import type { Family } from "../../src/schema/events/common.ts";
import { SO_MARK, SOL_SOCKET } from "./constants.ts";
import { markValue } from "./mark.ts";

export interface RawSocket {
  send(packet: Buffer, address: string, leaving: Leaving): void;
  close(): void;
}

export interface Leaving {
  /** SO_MARK of this packet; undefined leaves the socket's. */
  readonly mark?: number | undefined;
  /** Right before it leaves. */
  left(): void;
  /** Errno's name, when the kernel refuses it. */
  refused(error: string): void;
}

export interface RawOptions {
  readonly family: Family;
  readonly protocol: number;
  readonly options: readonly RawOption[];
  /** IPv4 comes with its header, IPv6 without. `from` is the sender's address. */
  readonly onMessage: (bytes: Buffer, from: string) => void;
  /** The socket is of no use any more. */
  readonly onFailure: (error: string) => void;
}

export interface RawOption {
  readonly level: number;
  readonly name: number;
  readonly value: Buffer;
}

export interface RawSockets {
  /** @throws UnsupportedProbeError without CAP_NET_RAW, or where an option is refused */
  open(options: RawOptions): RawSocket;
}

/** What is used of the package, which describes itself wrongly: buffers as values, and a protocol 0. */
interface RawModule {
  createSocket(options: {
    readonly protocol: number;
    readonly addressFamily: number;
    readonly bufferSize: number;
  }): RawModuleSocket;
  readonly AddressFamily: { readonly IPv4: number; readonly IPv6: number };
}

interface RawModuleSocket {
  send(
    buffer: Buffer,
    offset: number,
    length: number,
    address: string,
    before: () => void,
    after: (error: unknown) => void,
  ): void;
  setOption(level: number, option: number, value: Buffer, length: number): void;
  on(event: "message", listener: (buffer: Buffer, source: string) => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  close(): void;
}

/** The largest IP packet. */
const BUFFER_BYTES = 65_536;
const PACKAGE = "raw-socket";

/** Whether npm left the package here: without a binary and a compiler it takes it away again. */
export function isPackageInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/** @throws UnsupportedProbeError where the package is not installed, or has no binary for this Node */
export async function loadRawSockets(): Promise<RawSockets> {
  let module: RawModule;
  try {
    // By a name in a variable: type check and bundle do without the package too.
    module = await import(PACKAGE);
  } catch (error) {
    const requires = `the package ${PACKAGE}, which did not load: ${messageOf(error)}`;
    throw new UnsupportedProbeError("raw sockets", { requires, cause: error });
  }
  return { open: (options) => openRaw(module, options) };
}

function openRaw(
  module: RawModule,
  { family, protocol, options, ...reported }: RawOptions,
): RawSocket {
  const { IPv4, IPv6 } = module.AddressFamily;
  const addressFamily = family === 4 ? IPv4 : IPv6;
  let socket: RawModuleSocket;
  try {
    socket = module.createSocket({ protocol, addressFamily, bufferSize: BUFFER_BYTES });
  } catch (error) {
    throw refused("a raw socket", error);
  }
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  socket.on("message", (buffer, source) => {
    if (isOpen) reported.onMessage(Buffer.from(buffer), source);
  });
  socket.on("error", (error) => {
    if (isOpen) reported.onFailure(errorName(error));
  });
  for (const { level, name, value } of options) {
    try {
      socket.setOption(level, name, value, value.length);
    } catch (error) {
      close();
      throw refused(`option ${level}/${name} of a raw socket`, error);
    }
  }
  return {
    send: (packet, address, { mark, left, refused: refuse }) => {
      if (!isOpen) return;
      const before = () => {
        // Packets wait here for one another: no sooner is it this one's.
        if (mark !== undefined) socket.setOption(SOL_SOCKET, SO_MARK, markValue(mark), 4);
        left();
      };
      socket.send(packet, 0, packet.length, address, before, (error) => {
        if (error !== null && isOpen) refuse(errorName(error));
      });
    },
    close,
  };
}

function refused(what: string, error: unknown): UnsupportedProbeError {
  const name = errorName(error);
  const hint = name === "EPERM" || name === "EACCES" ? "CAP_NET_RAW" : what;
  return new UnsupportedProbeError("raw sockets", { requires: `${hint} (${name})`, cause: error });
}

/** The package gives strerror's words instead of a number, as glibc and musl write them. */
const ERRORS: Readonly<Record<string, string>> = {
  "Operation not permitted": "EPERM",
  "Permission denied": "EACCES",
  "Message too long": "EMSGSIZE",
  "Message too large": "EMSGSIZE",
  "Network is unreachable": "ENETUNREACH",
  "Network unreachable": "ENETUNREACH",
  "No route to host": "EHOSTUNREACH",
  "Host is unreachable": "EHOSTUNREACH",
  "Network is down": "ENETDOWN",
  "No buffer space available": "ENOBUFS",
  "Resource temporarily unavailable": "EAGAIN",
  "Invalid argument": "EINVAL",
  "Address family not supported by protocol": "EAFNOSUPPORT",
};

function errorName(error: unknown): string {
  const text = messageOf(error);
  return ERRORS[text] ?? text;
}
