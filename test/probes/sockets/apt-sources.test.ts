// The archives of apt, of a list that its command line names.

import { afterAll, expect, it } from "vitest";
import { aptSources } from "../../../probes/sockets/apt-sources.ts";
import { createFolder } from "../../lab/independent/tool.ts";

const folder = createFolder();
afterAll(() => folder.remove());

it("apt's archives are read of its list, once each and without what is commented out", () => {
  const list = folder.file(
    "sources.list",
    "# deb http://old.example.test/ x main\ndeb [trusted=yes] https://a.example.test/debian ./\ndeb-src https://a.example.test/debian ./\nURIs: http://b.example.test/x\n",
  );
  const options = ["update", "-o", `Dir::Etc::sourcelist=${list}`];
  expect(aptSources(["/usr/bin/apt-get", ...options])).toEqual([
    "https://a.example.test/debian",
    "http://b.example.test/x",
  ]);
  expect(aptSources(["cat", ...options])).toEqual([]);
  expect(aptSources(["apt", "-o", "Dir::Etc::sourcelist=/nowhere/at/all"])).toEqual([]);
});
