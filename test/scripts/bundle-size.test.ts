// What each start reads: bytes of the bundle that are loaded before a command can do its work, and what is not among them.

import { build, type Metafile } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { bundleOptions } from "../../scripts/bundle-options.mjs";

interface Start {
  readonly what: string;
  /** Modules whose files are loaded, with everything that they import statically. */
  readonly modules: readonly string[];
  /** Some tenth above what it was (2026-11-29): a library more has to be meant, a cause more has room. */
  readonly budgetBytes: number;
  readonly without: readonly RegExp[];
}

const ZOD = /node_modules\/zod\//;
const LOCALES = /zod\/v4\/locales\/(?!en\.)/;
const INK = /node_modules\/(ink|react|yoga-layout)|^ui\//;
const LAB = /^probes\/lab\/|(commands|wiring)\/lab/;
const PROBES = /^probes\/(?!lab\/)/;
const RULES = /^src\/diagnosis\//;
const TEXTS = /^src\/report\/(text|json|make)/;
const EXECA = /node_modules\/execa\//;
const COMMANDER = /node_modules\/commander\//;

/** The lab's own bundle, and what the command line loads it as. */
const LAB_INDEX = "probes/lab/src/index.ts";
const LAB_BUILDER = "probes/lab/src/builder.ts";
const LAB_FILE = "./lab/lab.js";

const HELP = ["src/cli.ts", "src/wiring/run.ts"];
const HERE = [...HELP, "src/wiring/here.ts"];
const RUN = [...HERE, "src/report/diagnosis.ts", "src/commands/path-output.ts"];

const STARTS: readonly Start[] = [
  {
    what: "--version",
    modules: ["src/cli.ts"],
    budgetBytes: 980,
    without: [COMMANDER, PROBES, ZOD, INK],
  },
  {
    // Commander is 40 kB of it, addresses 13; the shells and the settings file of `path` are known to every start.
    what: "--help",
    modules: HELP,
    budgetBytes: 97_500,
    without: [PROBES, RULES, TEXTS, ZOD, INK, LAB, EXECA],
  },
  {
    // All probes, the conversations of every protocol, the model that they read, what watches the kernel, continuous mode (12 kB), and
    // what follows a program (20 kB), and whether a collector is named (2 kB): files of their own would cost a start more than their bytes.
    what: "path, until its first packet",
    modules: HERE,
    budgetBytes: 716_000,
    without: [RULES, TEXTS, ZOD, INK, LAB, EXECA],
  },
  {
    // The rules, the texts and the argument of the trace, which is a part of every report, come on top.
    // So do 20 kB of captures: a file of their own would cost every start more.
    what: "path, to its end as text",
    modules: RUN,
    budgetBytes: 1_150_000,
    without: [ZOD, INK, LAB, EXECA],
  },
  {
    // A cause's title stands beside its rule, so the list brings the rules along.
    what: "explain",
    modules: [...HELP, "src/commands/explain.ts"],
    budgetBytes: 457_000,
    without: [PROBES, ZOD, INK, LAB],
  },
  {
    // The schemas of every event, and zod, which reads them.
    what: "replay",
    modules: [...HELP, "src/commands/replay.ts"],
    budgetBytes: 780_000,
    without: [PROBES, LOCALES, INK, LAB, EXECA],
  },
  {
    // 6 kB are what parts of the diagnosis show while they wait.
    what: "what draws",
    modules: ["ui/show.tsx"],
    budgetBytes: 490_000,
    without: [/node_modules\/(ws|react-devtools-core)\//, PROBES, ZOD],
  },
  {
    what: "lab list",
    modules: [...HELP, "src/commands/lab.ts", LAB_INDEX],
    budgetBytes: 214_000,
    without: [PROBES, RULES, TEXTS, ZOD, INK, EXECA],
  },
  {
    what: "lab run",
    // execa and zod a second time, since the lab is a bundle of its own.
    // Every scenario adds its half a kilobyte.
    modules: ["src/wiring/lab.ts", "src/commands/lab.ts", LAB_INDEX, LAB_BUILDER],
    budgetBytes: 1_030_000,
    without: [LOCALES, INK],
  },
];

type Outputs = Metafile["outputs"];

let product: Outputs = {};
let lab: Outputs = {};
let outputs: Outputs = {};

beforeAll(async () => {
  product = await bundled("cli");
  lab = { ...(await bundled("lab/lab")), ...(await bundled("lab/lab-host")) };
  outputs = { ...product, ...lab };
});

async function bundled(name: string): Promise<Outputs> {
  const built = await build({ ...bundleOptions(name), outdir: "dist", write: false });
  return built.metafile?.outputs ?? {};
}

function inputsOf(files: Outputs): readonly string[] {
  return Object.values(files).flatMap(({ inputs }) => Object.keys(inputs));
}

/** The files of the bundle that are read for these modules. */
function filesOf(modules: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const open = modules.map((module) => {
    const found = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === module);
    if (found === undefined) throw new Error(`${module} is no module that is loaded by itself`);
    return found;
  });
  for (const file of open) {
    if (files.has(file)) continue;
    files.add(file);
    for (const { kind, path, external } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && external !== true) open.push(path);
    }
  }
  return files;
}

it.each(STARTS)("$what stays small", ({ modules, budgetBytes }) => {
  const bytes = [...filesOf(modules)].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  expect(bytes).toBeLessThanOrEqual(budgetBytes);
  // A budget far above what it guards guards nothing.
  expect(bytes).toBeGreaterThan(budgetBytes * LEAST_SHARE);
});

const LEAST_SHARE = 0.8;

it.each(STARTS)("$what loads nothing that it does not need", ({ modules, without }) => {
  const inputs = [...filesOf(modules)].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
  expect(inputs.filter((input) => without.some((pattern) => pattern.test(input)))).toEqual([]);
});

/** Each file costs a start a millisecond, whatever is in it. */
// Its outputs are opened before it runs, which takes one; so does what it shares with what sends to a collector.
const MOST_FILES = 26;

it("path reads few files before its first packet", () => {
  expect(filesOf(HERE).size).toBeLessThanOrEqual(MOST_FILES);
});

it("nothing of the lab is in the product's bundle, and only what runs or lists it loads it", () => {
  expect(inputsOf(product).filter((input) => input.startsWith("probes/lab/"))).toEqual([]);
  const loads = Object.values(product).flatMap(({ entryPoint, imports }) =>
    imports.flatMap(({ path, kind }) => (path === LAB_FILE ? [{ by: entryPoint, kind }] : [])),
  );
  expect(loads).toHaveLength(2);
  // The one lists the scenarios, the other runs them; both when they are asked to.
  for (const by of ["src/wiring/run.ts", "src/wiring/lab.ts"]) {
    expect(loads).toContainEqual({ by, kind: "dynamic-import" });
  }
});

it("nothing of the product is in the lab's bundle: of that it knows types alone", () => {
  const foreign = inputsOf(lab).filter((input) => !/^(probes\/lab|node_modules)\//.test(input));
  expect(foreign).toEqual([]);
  expect(inputsOf(lab)).toContain("probes/lab/src/lab.ts");
});

it("nothing brings zod's other languages along", () => {
  const inputs = inputsOf(outputs);
  expect(inputs.filter((input) => LOCALES.test(input))).toEqual([]);
  expect(inputs.some((input) => ZOD.test(input))).toBe(true);
});
