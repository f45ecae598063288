// How git and apt write a proxy into their files.

/** "http.proxy" and its value, as written. */
export interface ProxySetting {
  readonly setting: string;
  readonly value: string;
}

/** http.proxy, and those of single URLs (git-config(1)); files that are included are not followed. */
export function readGitConfig(text: string): readonly ProxySetting[] {
  const found: ProxySetting[] = [];
  let section = "";
  for (const line of text.split("\n")) {
    const heading = /^\s*\[\s*(\w+)(?:\s+"([^"]*)")?\s*\]/.exec(line);
    if (heading !== null) {
      const [, name = "", url] = heading;
      // A URL may have a name and a password, too.
      section = name.toLowerCase() === "http" ? (url ?? name).replace(/\/\/[^/]*@/, "//") : "";
      continue;
    }
    const value = /^\s*proxy\s*=\s*"?([^"#;\s]*)/i.exec(line)?.[1];
    if (section === "" || value === undefined) continue;
    const setting = section.toLowerCase() === "http" ? "http.proxy" : `http.${section}.proxy`;
    found.push({ setting, value });
  }
  return found;
}

/** A comment, a quoted text, a mark of the syntax, or a word (apt.conf(5)). */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|^[ \t]*#[^\n]*|"[^"\n]*"|[{};]|[^\s{};"]+/gm;

/** Acquire::http::Proxy, of https and of single hosts too, in either way of writing. */
export function readAptConf(text: string): readonly ProxySetting[] {
  const found: ProxySetting[] = [];
  const scopes: string[] = [];
  let words: string[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^\s*(\/\/|\/\*|#)/.test(token)) continue;
    if (token === "{") {
      scopes.push(words[0] ?? "");
      words = [];
    } else if (token === "}") {
      scopes.pop();
      words = [];
    } else if (token === ";") {
      const [name = "", value] = words;
      const setting = [...scopes, name].join("::");
      if (value !== undefined && PROXY.test(setting))
        found.push({ setting, value: unquoted(value) });
      words = [];
    } else words.push(token);
  }
  return found;
}

const PROXY = /^Acquire::https?::Proxy(::|$)/i;

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, "");
}
