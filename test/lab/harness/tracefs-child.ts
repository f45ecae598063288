// Holds a tracefs instance open until it is killed, as a crash of the tool would.

import { createTracefsTrace } from "../../../probes/kernel/tracefs-trace.ts";

const trace = await createTracefsTrace();
process.stdout.write(`${trace.kind}\n`);
setInterval(() => undefined, 1000);
