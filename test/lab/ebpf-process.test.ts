// What is left of a program's eBPF when its process ends, and what users without privileges are told.

import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isLoaded, openBpf } from "../../probes/ebpf-ts-bindings/src/index.ts";
import { whyNoEbpf } from "./harness/ebpf.ts";

const CHILD = fileURLToPath(new URL("./harness/ebpf-child.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");
/** Only so that a child that hangs fails its test. */
const HANGS_MS = 30_000;

const missing = whyNoEbpf();
beforeEach(({ skip }) => skip(missing !== null, missing ?? ""));
const bpf = await openBpf();

function start(mode: string, around: readonly string[] = []) {
  const argv = [...around, process.execPath, "--import", TSX, CHILD, mode];
  const [file = "", ...args] = argv;
  return execa(file, args, { reject: false, timeout: HANGS_MS, killSignal: "SIGKILL" });
}

interface Ids {
  readonly program: number;
  readonly maps: readonly number[];
}

function parseIds(line: string): Ids {
  return JSON.parse(line);
}

const loaded = ({ program, maps }: Ids) => [
  isLoaded(bpf, "program", program),
  ...maps.map((id) => isLoaded(bpf, "map", id)),
];

/** The kernel frees what nobody holds a little after the process is gone. */
function expectNothingLeft(ids: Ids) {
  return vi.waitFor(() => expect(loaded(ids)).toEqual([false, false, false]), {
    timeout: HANGS_MS,
    interval: 20,
  });
}

describe("a process that ends while it waits for records", () => {
  it("by SIGKILL leaves nothing loaded", async () => {
    const child = start("hold");
    const line = await new Promise<string>((resolve) => {
      child.stdout.once("data", (chunk) => resolve(String(chunk)));
    });
    const ids = parseIds(line);
    expect(loaded(ids)).toEqual([true, true, true]);
    child.kill("SIGKILL");
    expect(await child).toMatchObject({ signal: "SIGKILL", timedOut: false });
    await expectNothingLeft(ids);
  });

  it.each([
    ["process.exit", "exit", 7],
    ["an error that nobody catches", "throw", 1],
  ])("by %s does not hang, and leaves nothing loaded", async (_, mode, exitCode) => {
    const { stdout, ...result } = await start(mode);
    expect(result).toMatchObject({ exitCode, timedOut: false });
    await expectNothingLeft(parseIds(stdout));
  });
});

describe("a user without privileges", () => {
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const having = (list: string) => [...nobody, `--inh-caps=${list}`, `--ambient-caps=${list}`];
  const featuresAs = async (around: readonly string[]) => {
    const { stdout, stderr } = await start("features", around);
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };

  it("is told of each capability that is missing, and reads BTF all the same", async () => {
    expect(await featuresAs(nobody)).toMatchObject({
      btf: { available: true },
      ringBuffer: { available: false, cause: "missing-capability", missing: ["CAP_BPF"] },
      tracing: {
        available: false,
        cause: "missing-capability",
        missing: ["CAP_BPF", "CAP_PERFMON"],
        reason:
          "bpf(BPF_PROG_LOAD) needs CAP_BPF and CAP_PERFMON: run as root, or give the process CAP_BPF and CAP_PERFMON",
      },
    });
  });

  it("with CAP_BPF alone has maps, and is told of the other", async () => {
    expect(await featuresAs(having("+bpf"))).toMatchObject({
      ringBuffer: { available: true },
      tracing: { available: false, missing: ["CAP_PERFMON"] },
    });
  });

  it("with both has all that root has", async () => {
    expect(await featuresAs(having("+bpf,+perfmon"))).toEqual(await featuresAs([]));
  });

  it("who is root in a user namespace is told that this does not count", async () => {
    const { tracing } = await featuresAs([...nobody, "unshare", "--user", "--map-root-user"]);
    expect(tracing).toMatchObject({ cause: "missing-capability" });
    expect(tracing.reason).toContain("run as root outside of any user namespace");
  });
});
