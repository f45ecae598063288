// One setting of /etc/wsl.conf, merged into the text that is there: sections, order, comments and line ends stay.

const SECTION = /^\s*\[([^\]]+)\]\s*$/;
const SETTING = /^\s*([^#;=\s]+)\s*=\s*(.*?)\s*$/;

/** @param next the value, from the one that is there or null */
export function mergedSetting(
  text: string,
  section: string,
  key: string,
  next: (old: string | null) => string,
): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
  const begin = lines.findIndex((line) => isSection(line, section));
  if (begin === -1) return `${[...lines, `[${section}]`, `${key}=${next(null)}`].join(end)}${end}`;
  const after = lines.findIndex((line, index) => index > begin && SECTION.test(line));
  const stop = after === -1 ? lines.length : after;
  const at = lines.findIndex((line, index) => index > begin && index < stop && isKey(line, key));
  if (at !== -1) {
    const old = SETTING.exec(lines[at] ?? "")?.[2] ?? null;
    return `${lines.with(at, `${key}=${next(old)}`).join(end)}${end}`;
  }
  // Behind the last setting of the section, before the blank line that ends it.
  const last = lines.findLastIndex((line, index) => index < stop && line.trim() !== "");
  return `${lines.toSpliced(last + 1, 0, `${key}=${next(null)}`).join(end)}${end}`;
}

function isSection(line: string, section: string): boolean {
  return SECTION.exec(line)?.[1]?.trim().toLowerCase() === section;
}

function isKey(line: string, key: string): boolean {
  return SETTING.exec(line)?.[1]?.toLowerCase() === key.toLowerCase();
}
