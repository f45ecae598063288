// The terminal's second screen: what is drawn there leaves the first one and its scroll-back as they were.
//
// Ink 6.8 draws every frame whole, erases the scroll-back with frames as high as the terminal (CSI 3 J, which tmux
// obeys), and its incremental rendering is off by a line. So its frames are taken apart here: only lines that changed
// are written, each at its own place.

/**
 * DECSET of xterm's ctlseqs: 1049 saves the cursor and switches to the empty alternate screen; without 7 a line that
 * the terminal finds too wide, as some do of emoji, is cut and never runs into the next one.
 */
const ENTER = "\u001b[?1049h\u001b[?7l\u001b[2J\u001b[H";
/** Back to the first screen, with a cursor. */
export const LEAVE = "\u001b[?7h\u001b[?1049l\u001b[?25h";
const CLEAR = "\u001b[2J";
const ERASE_LINE = "\u001b[2K";
/** A terminal that cannot be queried; every report fits its width. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a frame is made for that shows no run of probes. */
export interface FrameSize extends TerminalSize {
  /** Since the screen was opened. */
  readonly sinceMs: number;
  /** Whether somebody can press any. */
  readonly keys: boolean;
}

export interface Screen {
  /** What Ink draws on. It hears of no resize: whoever draws asks `onResize`. */
  readonly stdout: NodeJS.WriteStream;
  size(): TerminalSize;
  /** Calls the listener when the terminal got another size; gives what ends that. */
  onResize(listener: () => void): () => void;
  /** The first screen again. */
  close(): void;
}

export function openScreen(stdout: NodeJS.WriteStream): Screen {
  let shown: readonly string[] = [];
  // A terminal that does not know its size reports 0 or nothing.
  const size = () => ({
    columns: stdout.columns || DEFAULT_COLUMNS,
    rows: stdout.rows || DEFAULT_ROWS,
  });
  const draw = (lines: readonly string[], written?: () => void) => {
    const before = shown;
    // The last row stays free: what is written there scrolls some terminals.
    shown = lines.slice(0, size().rows - 1);
    stdout.write(changes(before, shown), written);
  };
  stdout.write(ENTER);
  return {
    stdout: drawnBy(stdout, draw),
    size,
    onResize: (listener) => {
      const resized = () => {
        // What the terminal made of the old lines at the new width is nobody's frame.
        stdout.write(CLEAR);
        shown = [];
        listener();
      };
      stdout.on("resize", resized);
      return () => {
        stdout.off("resize", resized);
      };
    },
    close: () => {
      stdout.write(LEAVE);
    },
  };
}

/** What turns the lines on the screen into others. */
function changes(before: readonly string[], after: readonly string[]): string {
  const rows = Math.max(before.length, after.length);
  let text = "";
  for (let row = 0; row < rows; row += 1) {
    const line = after[row] ?? "";
    // Erased first: behind a line as wide as the screen its last column would be.
    if (line !== (before[row] ?? "")) text += `\u001b[${row + 1};1H${ERASE_LINE}${line}`;
  }
  return text;
}

/** Modes of the terminal, such as its cursor, that Ink switches beside its frames; and its empty writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for.
const NO_FRAME = /^(\u001b\[\?\d+[hl])*$/;
/** How Ink takes its last frame away before the next one: line by line, or the whole terminal at once. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
const ERASING = /^(\u001b\[(2K|1A|G|2J|3J|H))*/;

/** The same stream, but that frames go to `draw`, and that it reports no resize. */
function drawnBy(
  stdout: NodeJS.WriteStream,
  draw: (lines: readonly string[], written?: () => void) => void,
): NodeJS.WriteStream {
  const write = (text: string, written?: () => void) => {
    if (NO_FRAME.test(text)) return stdout.write(text, written);
    draw(text.replace(ERASING, "").replace(/\n$/, "").split("\n"), written);
    return true;
  };
  return new Proxy(stdout, {
    get: (stream, name) => {
      if (name === "write") return write;
      if (name === "on" || name === "off") return () => stdout;
      const value: unknown = Reflect.get(stream, name, stream);
      return typeof value === "function" ? value.bind(stream) : value;
    },
  });
}
