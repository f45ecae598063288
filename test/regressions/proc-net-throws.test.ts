// What once went wrong, and must not again. A row of /proc/net/route with a column that is no hex word throws a plain Error out of the
// guest probe (which only catches the read), so the whole run ends.
import { expect, test } from "vitest";
import { parseRoutes4 } from "../../probes/linux/proc-net.ts";

test("a damaged row is left out, and does not end the run", () => {
  const text = "Iface Destination Gateway Flags\neth0 00000000 ! 0003 0 0 0 00000000 0 0 0";
  expect(() => parseRoutes4(text)).not.toThrow();
});
