// What apt loads from, which its command line does not say: sources.list(5).

import { readdirSync } from "node:fs";
import path from "node:path";
import { readInputSync } from "../input-file.ts";

const LIST = "/etc/apt/sources.list";
const FOLDER = "/etc/apt/sources.list.d";
const APT = /^(?:apt|apt-get|aptitude)$/;
const OWN_LIST = /^Dir::Etc::sourcelist=(\/.+)$/i;
const URL_PATTERN = /\bhttps?:\/\/[^\s"'<>\]]+/g;
const MOST = 4;

/** URLs of its archives; none for another program. @param commandLine the program first */
export function aptSources([program = "", ...args]: readonly string[]): readonly string[] {
  if (!APT.test(path.basename(program))) return [];
  const own = args.flatMap((one) => OWN_LIST.exec(one)?.[1] ?? []);
  const urls = (own.length > 0 ? own : [LIST, ...inFolder()]).flatMap(urlsOf);
  return [...new Set(urls)].slice(0, MOST);
}

function inFolder(): readonly string[] {
  try {
    const names = readdirSync(FOLDER).filter((name) => /\.(?:list|sources)$/.test(name));
    return names.sort().map((name) => path.join(FOLDER, name));
  } catch {
    return [];
  }
}

function urlsOf(file: string): readonly string[] {
  try {
    const lines = readInputSync(file).split("\n");
    return lines
      .filter((line) => !line.startsWith("#"))
      .flatMap((line) => line.match(URL_PATTERN) ?? []);
  } catch {
    return [];
  }
}
