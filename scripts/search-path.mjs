// Where programs are found: PATH, and the system folders that Debian leaves out of an ordinary user's.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** A PATH that ends with the system folders it does not have yet. */
export function withSystemFolders(path = "") {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const missing = SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder));
  return [...folders, ...missing].join(delimiter);
}

/** The file that a program name stands for, null when no folder of PATH has it. */
export function findProgram(name, path) {
  const files = path.split(delimiter).map((folder) => join(folder, name));
  return files.find(isProgram) ?? null;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
