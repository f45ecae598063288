// Blocks of a Markdown file that a script writes, between a pair of markers.

/** The text with what stands between the markers of `name` replaced. @throws when there are none */
export function replaceBlock(text, name, content) {
  const { from, to } = placeOf(text, name);
  return `${text.slice(0, from)}\n${content}\n${text.slice(to)}`;
}

/** What stands between the markers of `name`. @throws when there are none */
export function blockOf(text, name) {
  const { from, to } = placeOf(text, name);
  return text.slice(from, to).trim();
}

function placeOf(text, name) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const at = text.indexOf(begin);
  const to = text.indexOf(end, at);
  if (at === -1 || to === -1) throw new Error(`there is no ${begin} ... ${end}`);
  return { from: at + begin.length, to };
}

const LEFT_OUT = ["Not checked", "Not observable from here", "Findings"];

/** A report without its long sections; a line stands for each that is left out. */
export function shortened(report) {
  // A section is a title at the left edge, an empty line, and indented or numbered lines.
  const sections = report.split(/\n(?=[A-Z][^\n]*\n\n)/);
  return sections
    .map((section) => {
      const title = LEFT_OUT.find((name) => section.startsWith(`${name}\n`));
      return title === undefined ? section : `[${title}: ${lineCount(section)}]\n`;
    })
    .join("\n");
}

// The title and the empty line behind it.
const HEAD_LINES = 2;

function lineCount(section) {
  const count = section.trimEnd().split("\n").length - HEAD_LINES;
  return count === 1 ? "1 line" : `${count} lines`;
}
