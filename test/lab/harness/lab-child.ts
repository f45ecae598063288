// A program of its own that builds a lab and holds it until a signal comes, as the command line does.
// Arguments: the bundle of lab-host, the scenario.

import { createLab } from "../../../probes/lab/src/lab.ts";
import { prepareRootless } from "../../../probes/lab/src/rootless.ts";
import { systemClock } from "../../../src/clock.ts";
import { realLabSystem } from "../../builders/lab-system.ts";
import { inVantage } from "./inside.ts";
import { scenarioOf } from "./labs.ts";

const [bundle = "", name = "", rootless] = process.argv.slice(2);
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => abort.abort(new Error(signal)));
}
if (rootless === "rootless") await prepareRootless(realLabSystem);
const factory = createLab({
  system: realLabSystem,
  clock: systemClock,
  labHost: { file: process.execPath, args: [bundle] },
  labWindows: null,
});
const lab = await factory.build(scenarioOf(name), {
  signal: abort.signal,
  notify: () => undefined,
});
try {
  const resolvConf = await inVantage(lab, "cat", "/etc/resolv.conf");
  const addresses = await inVantage(lab, "ip", "-br", "address");
  const ready = { pid: process.pid, tunnel: lab.tunnel, resolvConf, addresses };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await new Promise((resolve) => abort.signal.addEventListener("abort", resolve));
} finally {
  await lab.dispose();
}
