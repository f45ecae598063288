// wsl.conf and .wslconfig, as people write them.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSettings, switchOf } from "../../../src/host/ini.ts";

test("sections, keys in any case, comments, quotes and double keys", () => {
  const settings = parseSettings(
    "\uFEFF# mine\r\n[WSL2]\r\nnetworkingMode = mirrored # new\r\ndnsTunneling=TRUE\r\n" +
      'kernel = "C:\\\\my # kernel"\r\n[ experimental ]\r\nignoredPorts=1,2\r\nignoredPorts=3\r\nnothing\r\n= x\r\n',
  );
  expect(Object.fromEntries(settings)).toEqual({
    "wsl2.networkingmode": "mirrored",
    "wsl2.dnstunneling": "TRUE",
    "wsl2.kernel": "C:\\\\my # kernel",
    "experimental.ignoredports": "3",
  });
  expect(switchOf(settings, "wsl2.dnsTunneling")).toBe(true);
  expect(switchOf(settings, "wsl2.networkingMode")).toBeNull();
  expect(switchOf(settings, "wsl2.firewall")).toBeNull();
});

test("any text is read without throwing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(parseSettings(`[a]\nb=c\n[d]\n${text}`).get("a.b")).toBe("c");
    }),
  );
});
