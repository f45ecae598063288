// A terminal made of two streams: what is written to it can be read, and keys can be pressed.

import { PassThrough } from "node:stream";

export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  /** Everything written so far. */
  written(): string;
  press(keys: string): void;
}

export function createTerminal(): Terminal {
  const chunks: string[] = [];
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 40 });
  output.on("data", (chunk) => chunks.push(String(chunk)));
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => input,
    ref: () => input,
    unref: () => input,
  });
  if (!isTerminalOutput(output) || !isTerminalInput(input)) {
    throw new TypeError("the streams of the test terminal lack what Ink uses");
  }
  return {
    stdout: output,
    stdin: input,
    written: () => chunks.join(""),
    press: (keys) => {
      input.write(keys);
    },
  };
}

// What Ink uses of a terminal; the rest of the types is never touched.
function isTerminalOutput(stream: object): stream is NodeJS.WriteStream {
  return ["isTTY", "columns", "write", "on", "off"].every((name) => name in stream);
}

function isTerminalInput(stream: object): stream is NodeJS.ReadStream {
  return ["isTTY", "setRawMode", "ref", "unref", "read"].every((name) => name in stream);
}
