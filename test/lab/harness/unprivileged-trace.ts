// Follows packets as a user without the privilege, and prints the error.

import { createKernelTrace } from "../../../probes/kernel/kernel-trace.ts";

const NOBODY = 65534;

// Whatever has to be loaded is loaded while the files can be read.
const first = await createKernelTrace({ session: 1, signal: AbortSignal.abort() });
process.setgid?.(NOBODY);
process.setuid?.(NOBODY);
const second = await createKernelTrace({ session: 1 });
process.stdout.write(`${JSON.stringify({ first: first.kind, second })}\n`);
