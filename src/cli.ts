#!/usr/bin/env node
// Where the program starts: answers at once what needs nothing, else hands the process to the wiring; the only reader of process.*.

declare const __VERSION__: string;
const VERSION = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

const typed = process.argv.slice(2);
const [only = ""] = typed;

/** As package.json's engines have it: an npm that only warns installs on an older one too. */
const [MAJOR, MINOR] = [20, 19];
/** The first whose V8 can keep what it has compiled. */
const KEEPS_COMPILED = 22;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < MAJOR || (major === MAJOR && minor < MINOR)) {
  process.stderr.write(
    `wsl-trace needs Node ${MAJOR}.${MINOR}, and ${process.version} is older: take the form that brings its own (docs/install.md), or https://nodejs.org/en/download\n`,
  );
  process.exitCode = 3;
} else if (typed.length === 1 && ["--version", "-V"].includes(only)) {
  process.stdout.write(`${VERSION}\n`);
} else {
  // The bundle is minified: its map makes a stack readable. Set before anything is loaded, and read for an error alone.
  if (typed.includes("--debug")) process.setSourceMapsEnabled(true);
  if (major >= KEEPS_COMPILED) (await import("./wiring/compile-cache.ts")).keepCompiled(process);
  // Its chunks are read side by side: where few files may be open, none can be, and Node would end as after a fault that was found.
  const wiring = await import("./wiring/run.ts").catch((error: Error) => {
    process.stderr.write(`wsl-trace: ${error.message}; allow more open files: ulimit -n 256\n`);
    process.exit(3);
  });
  await wiring.runProgram({ own: process, version: VERSION, home: import.meta.url });
}
