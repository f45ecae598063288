// A connection of our own as a stream, so that Node's TLS speaks over it as over a socket.

import { Duplex } from "node:stream";
import type { Wire } from "../../native/connection.ts";

export interface RawSink {
  write(bytes: Buffer): void;
  /** Nothing more is written. */
  finish(): void;
  close(): void;
}

/** Whatever comes is kept until it is read: what asks for more than it reads has a limit of its own. */
export class RawStream extends Duplex implements Wire {
  bytesRead = 0;
  readonly #sink: RawSink;
  #isEnded = false;

  constructor(sink: RawSink) {
    super({ allowHalfOpen: false });
    this.#sink = sink;
  }

  deliver(bytes: Buffer): void {
    this.bytesRead += bytes.length;
    this.push(bytes);
  }

  /** The far side has no more to say. */
  deliverEnd(): void {
    if (!this.#isEnded) this.push(null);
    this.#isEnded = true;
  }

  /** @param code errno's name, as sockets have it */
  fail(code: string): void {
    this.destroy(Object.assign(new Error(code), { code }));
  }

  /** What is written leaves at once in any case. */
  setNoDelay(): this {
    return this;
  }

  override _read(): void {
    // What comes is pushed as it comes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#sink.write(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.#sink.finish();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sink.close();
    done(error);
  }
}
