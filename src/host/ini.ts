// The settings of wsl.conf and .wslconfig: sections, keys and values as WSL reads them.

/** Values by "section.key", both in lower case. */
export type Settings = ReadonlyMap<string, string>;

/**
 * Reads INI text (Microsoft: "Advanced settings configuration in WSL"). Keys are compared without regard to letter
 * case; of a key that stands twice the last counts; "#" begins a comment outside of quotation marks. What is no
 * setting is left out.
 */
export function parseSettings(text: string): Settings {
  const settings = new Map<string, string>();
  let section = "";
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    const [, key, value = ""] = /^\s*([^=#[\]]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (header !== null) section = (header[1] ?? "").trim().toLowerCase();
    else if (key !== undefined) settings.set(`${section}.${key.toLowerCase()}`, plainValue(value));
  }
  return settings;
}

/** A switch of either file; null when it is not set or is neither true nor false. */
export function switchOf(settings: Settings, name: string): boolean | null {
  const word = settings.get(name.toLowerCase())?.toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : null;
}

function plainValue(value: string): string {
  const quoted = /^"([^"]*)"/.exec(value)?.[1];
  return quoted ?? value.replace(/(^|\s)#.*$/s, "").trim();
}
