// What is let into a printed command, and what is not.

import { describe, expect, it } from "vitest";
import * as values from "../../../src/diagnosis/command-values.ts";

describe("a value of a command", () => {
  it.each([
    ["address", values.commandAddress, ["192.0.2.1", "2001:db8::1"]],
    ["server", values.commandServer, ["192.0.2.1", "fe80::1%eth0"]],
    ["prefix", values.commandPrefix, ["192.0.2.0/28", "2001:db8::/48", "192.0.2.1"]],
    ["interface", values.commandInterface, ["eth0", "eth0.100", "wg_1"]],
    ["host", values.commandHost, ["github.com", "_svc.corp.test"]],
    ["table", values.commandTable, ["main", "254"]],
    [
      "selector",
      values.commandSelector,
      ["from all", "not from 192.0.2.0/24 fwmark 0x1/0xff", "from all ipproto tcp dport 443-500"],
    ],
  ])("%s passes as it is where it is one", (_kind, read, good) => {
    expect(good.map(read)).toEqual(good);
  });

  it.each([
    ["address", values.commandAddress, ["1.2.3.4;id", "1.2.3.4 -x", "10.1", "$(id)", ""]],
    ["server", values.commandServer, ["fe80::1%eth0;id", "fe80::1%-x", "one"]],
    ["prefix", values.commandPrefix, ["192.0.2.0/28;id", "192.0.2.0/99", "all"]],
    ["interface", values.commandInterface, ["-eth0", "eth0;id", "a name", "sixteen-letters-x"]],
    ["host", values.commandHost, ["-x", "a b", "a'b", ""]],
    ["table", values.commandTable, ["-x", "main;id"]],
    [
      "selector",
      values.commandSelector,
      ["from all;id", "from all id", "from", "lookup main", "from all iif -x", "__proto__ x"],
    ],
  ])("%s is none where it is anything else", (_kind, read, bad) => {
    expect(bad.map(read)).toEqual(bad.map(() => null));
  });
});
