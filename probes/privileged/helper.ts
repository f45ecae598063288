// The helper process: keeps root for the tool, which has given it up, and ends with it. Its end of the channel is descriptor 3.

import { loadLibc as loadBpfLibc } from "ebpf-ts-bindings";
import { loadProcessCalls } from "../native/fd-channel.ts";
import { loadLibc } from "../native/libc.ts";
import { serve } from "./serve.ts";

const CHANNEL = 3;
const FOR_EVER = 0;

const [calls, libc, bpf] = await Promise.all([loadProcessCalls(), loadLibc(), loadBpfLibc()]);
serve(calls.channel(CHANNEL, FOR_EVER), { calls, libc, bpf });
process.exit(0);
