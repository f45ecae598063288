// Names of namespaces: the own one is nobody else's, and one that is made later gets its name.

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { OWN_NAMESPACE, readNamespaceNames } from "../../../probes/kernel/namespaces.ts";

const folder = mkdtempSync(path.join(tmpdir(), "wsl-trace-namespaces-"));
afterAll(() => rmSync(folder, { recursive: true }));
const SECOND = 1_000_000_000n;

/** Any file will do: it is known by its inode. */
function add(name: string): number {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "");
  return statSync(file).ino;
}

it("knows its own, also where another one is called so", () => {
  const [own, other] = [add("own"), add("other")];
  const names = readNamespaceNames([folder]);
  expect(names.own).toBe(statSync("/proc/self/ns/net").ino);
  expect(names.nameOf(names.own ?? 0)).toBe(OWN_NAMESPACE);
  expect([names.nameOf(own), names.nameOf(other)]).toEqual(["own", "other"]);
  expect([names.nameOf(own), names.nameOf(other)]).not.toContain(OWN_NAMESPACE);
  expect(names.nameOf(0)).toBeNull();
});

it("looks again for one that it does not know, once a second", () => {
  let now = 0n;
  const names = readNamespaceNames([folder, path.join(folder, "docker")], () => now);
  const late = add("docker/late");
  expect(names.nameOf(late)).toBeNull();
  now += SECOND;
  expect(names.nameOf(late)).toBe("late");
});
