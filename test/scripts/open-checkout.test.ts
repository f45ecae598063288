// Whether a user without privileges could read the checkout.

import { expect, it } from "vitest";
import { closedFolder } from "../../scripts/open-checkout.mjs";

const modes = (closed: string) => (folder: string) => (folder === closed ? 0o40700 : 0o40755);

it("a checkout in root's own folder is closed by that folder", () => {
  expect(closedFolder("/root/a/b", modes("/root"))).toBe("/root");
});

it("a checkout that only its owner may enter is closed itself", () => {
  expect(closedFolder("/srv/b", modes("/srv/b"))).toBe("/srv/b");
});

it("elsewhere nothing is closed", () => {
  expect(closedFolder("/srv/a/b", modes("/root"))).toBeNull();
});
