// Where programs are looked for.

import { expect, it } from "vitest";
import { withSystemFolders } from "../../scripts/search-path.mjs";

it("the system folders, which an ordinary user's PATH lacks, come last and once", () => {
  expect(withSystemFolders("/usr/bin:/usr/sbin")).toBe("/usr/bin:/usr/sbin:/usr/local/sbin:/sbin");
});

it("without a PATH there are the system folders alone", () => {
  expect(withSystemFolders(undefined)).toBe("/usr/local/sbin:/usr/sbin:/sbin");
});
