// Kernel settings, as sysctl names them.

import { readdir, readFile, writeFile } from "node:fs/promises";

/** The setting's value with single blanks. Rejects as node:fs does. */
export async function readSetting(key: string): Promise<string> {
  return (await readFile(fileOf(key), "utf8")).trim().replaceAll(/\s+/g, " ");
}

export async function writeSetting(key: string, value: string): Promise<void> {
  await writeFile(fileOf(key), `${value}\n`);
}

/** The keys `FOLDER.*.NAME`, "all" first: it sets the others. */
export async function settingsBelow(folder: string, name: string): Promise<readonly string[]> {
  const names = await readdir(fileOf(folder));
  const others = names.filter((one) => one !== "all" && !one.includes(".")).sort();
  return ["all", ...others].map((one) => `${folder}.${one}.${name}`);
}

function fileOf(key: string): string {
  return `/proc/sys/${key.replaceAll(".", "/")}`;
}
