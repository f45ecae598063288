// A terminal's screen, as tmux prints it with its colours, as an SVG picture that every reader of Markdown shows.

const CELL = { width: 8.4, height: 18, baseline: 13 };
const MARGIN = 14;
const BAR = 26;
const COLOURS = { background: "#0d1117", bar: "#161b22", text: "#e6edf3", dim: "#8b949e" };
/** SGR 30 to 37 (ECMA-48, 8.3.117), on dark. */
const PALETTE = [
  "#6e7681",
  "#ff7b72",
  "#3fb950",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#56d4dd",
  "#e6edf3",
];
const FONT = "'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,monospace";
const PLAIN = { colour: null, bold: false, dim: false, inverse: false };

/**
 * @param screen what `tmux capture-pane -e -p` printed
 * @param size columns and rows of the terminal
 * @param title what was typed; for the bar on top, and for whoever cannot see the picture
 */
export function terminalSvg(screen, { columns, rows }, title) {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = rows * CELL.height + 2 * MARGIN + BAR;
  const lines = linesOf(screen).slice(0, rows);
  const texts = lines.flatMap((spans, row) => drawn(spans, row));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.background}"/>`,
    `<path d="M0 ${BAR}V8a8 8 0 0 1 8-8H${width - 8}a8 8 0 0 1 8 8V${BAR}z" fill="${COLOURS.bar}"/>`,
    `<g font-family="${FONT}" font-size="14" fill="${COLOURS.text}">`,
    `<text x="${MARGIN}" y="18" font-size="13" fill="${COLOURS.dim}">${escaped(`$ ${title}`)}</text>`,
    ...texts,
    "</g>",
    "</svg>",
  ].join("\n")}\n`;
}

function drawn(spans, row) {
  const top = BAR + MARGIN + row * CELL.height;
  let column = 0;
  return spans.flatMap(({ text, style }) => {
    const x = MARGIN + column * CELL.width;
    const cells = [...text].length;
    column += cells;
    const width = cells * CELL.width;
    const box = style.inverse
      ? [
          `<rect x="${x.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${CELL.height}" fill="${COLOURS.text}"/>`,
        ]
      : [];
    if (text.trim() === "") return box;
    return [
      ...box,
      ...piecesOf(text).map(([at, piece]) =>
        textOf(piece, x + at * CELL.width, top + CELL.baseline, style),
      ),
    ];
  });
}

/** Words between wide gaps, each with its column: every one stands where the terminal has it, whatever the font. */
function piecesOf(text) {
  return [...text.matchAll(/\S+(?: \S+)*/gu)].map((found) => [
    [...text.slice(0, found.index)].length,
    found[0],
  ]);
}

function textOf(text, x, y, { colour, bold, dim, inverse }) {
  const fill = inverse ? COLOURS.background : (colour ?? (dim ? COLOURS.dim : null));
  const attributes = [
    `x="${x.toFixed(1)}"`,
    `y="${y}"`,
    `textLength="${([...text].length * CELL.width).toFixed(1)}"`,
    `lengthAdjust="spacingAndGlyphs"`,
    ...(fill === null ? [] : [`fill="${fill}"`]),
    ...(bold ? [`font-weight="bold"`] : []),
  ];
  return `<text ${attributes.join(" ")} xml:space="preserve">${escaped(text)}</text>`;
}

/** The runs of one style in each line; a style lasts beyond the end of its line. */
function linesOf(screen) {
  let style = PLAIN;
  return screen.split("\n").map((line) => {
    const spans = [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what tmux prints.
    for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the same.
      const codes = /^\u001b\[([\d;]*)m$/.exec(part)?.[1];
      if (codes !== undefined) style = codes.split(";").map(Number).reduce(styled, style);
      else if (part !== "") spans.push({ text: part, style });
    }
    return spans;
  });
}

function styled(style, code) {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, colour: null };
  if (code >= 30 && code <= 37) return { ...style, colour: PALETTE[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, colour: PALETTE[code - 90] };
  return style;
}

function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
