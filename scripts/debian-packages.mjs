// The Debian packages that the lab needs: which are missing, and how they get here.

import { findProgram } from "./search-path.mjs";

/** What brings which programs; `without` is what comes of it where an optional one is not there. */
export const PACKAGES = [
  { name: "iproute2", programs: ["ip"], required: true },
  { name: "nftables", programs: ["nft"], required: true },
  { name: "ethtool", programs: ["ethtool"], required: true },
  { name: "util-linux", programs: ["nsenter", "unshare"], required: true },
  { name: "mount", programs: ["mount"], required: true },
  {
    name: "wireguard-go",
    programs: ["wireguard-go"],
    required: false,
    without: "the lab's VPN is a plain tunnel then",
  },
];

/** What the tests need besides: they set up networks of their own. */
export const TEST_PACKAGES = [
  { name: "procps", programs: ["sysctl"], required: true },
  {
    name: "tcpdump",
    programs: ["tcpdump"],
    required: false,
    without: "a test that captures packets is skipped",
  },
  {
    name: "tshark",
    programs: ["tshark"],
    required: false,
    without: "what --pcap writes is not read by another program",
  },
  {
    name: "tmux",
    programs: ["tmux"],
    required: false,
    without: "what the screen leaves in a terminal is not tested",
  },
];

/** The packages of which a program is not in any folder of `path`. */
export function missingPackages(path, packages = PACKAGES) {
  const isMissing = (program) => findProgram(program, path) === null;
  const missing = packages.filter(({ programs }) => programs.some(isMissing));
  return {
    required: missing.filter(({ required }) => required).map(({ name }) => name),
    optional: missing.filter(({ required }) => !required).map(({ name }) => name),
  };
}

const NON_INTERACTIVE = { extra: { DEBIAN_FRONTEND: "noninteractive" } };
const INSTALL = ["install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=60"];

/**
 * Makes sure that the required packages are there, and tries to install the optional ones once.
 * @param tools `path`, `isRoot`, `runQuietly`, `notify`, `fail` (makes an error of a sentence), `packages`
 * @param givenUp optional packages that an earlier set-up could not get
 * @returns the optional packages that are not to be had
 * @throws when a required one stays away
 */
export async function provideDebianPackages(tools, givenUp) {
  const { path, isRoot, runQuietly, notify, fail, packages = PACKAGES } = tools;
  const { required, optional } = missingPackages(path, packages);
  const untried = optional.filter((name) => !givenUp.includes(name));
  if (required.length + untried.length === 0) return optional;
  const hand = `apt-get update && apt-get install --no-install-recommends ${[...required, ...untried].join(" ")}`;
  const cannot = whyNot(isRoot, findProgram("apt-get", path));
  if (cannot !== null) {
    if (required.length === 0) {
      const effects = packages.flatMap(({ name, without }) =>
        without !== undefined && optional.includes(name) ? [without] : [],
      );
      notify(`going on without ${optional.join(", ")}: ${effects.join(", ")}`);
      return optional;
    }
    throw fail(`missing Debian packages: ${required.join(", ")}. ${cannot}: as root, ${hand}`);
  }
  notify(
    `installing Debian packages: ${[...required, ...untried].join(", ")} (apt-get, about 10 s)`,
  );
  // Its exit code means little: unreachable lists are warnings. The installation decides.
  await runQuietly("apt-get", ["update"], NON_INTERACTIVE);
  const install = (names) => runQuietly("apt-get", [...INSTALL, ...names], NON_INTERACTIVE);
  const { output } = await install([...required, ...untried]);
  // An older release may lack an optional one, and apt-get then installs none at all.
  if (missingPackages(path, packages).required.length > 0 && untried.length > 0)
    await install(required);
  const still = missingPackages(path, packages);
  if (still.required.length > 0) {
    throw fail(
      `apt-get did not install ${still.required.join(", ")}: ${lastWords(output)}\nmend that, or install them by hand: ${hand}`,
    );
  }
  if (still.optional.length > 0) notify(`going on without ${still.optional.join(", ")}`);
  return still.optional;
}

function whyNot(isRoot, aptGet) {
  if (aptGet === null) return "This system has no apt-get";
  return isRoot ? null : "Only root may install them";
}

const WORDS = 3;

/** The last lines that complain. */
function lastWords(output) {
  const complaints = output.split("\n").filter((line) => /^(E|Err)[: ]/.test(line));
  return complaints.slice(-WORDS).join(" ") || "no reason given";
}
