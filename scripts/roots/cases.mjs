// What is tried in clean systems: which system, who, which form, on which Node, with which network.

/** Clean systems as mmdebstrap makes them, of "required" packages and apt. */
export const SYSTEMS = {
  debian11: { name: "Debian 11", suite: "bullseye" },
  debian12: { name: "Debian 12", suite: "bookworm" },
  debian13: { name: "Debian 13", suite: "trixie" },
  // Ubuntu 24.04 has Node 18.19 too; its own packages are not in Debian's mirrors.
  node18: { name: "Debian 12 with its Node 18", suite: "bookworm", include: ["nodejs"] },
};

/** Unpacked and no more: nothing of it can run before the kernel is told how. */
export const ARM64 = {
  name: "Debian 12 for arm64",
  suite: "bookworm",
  extra: ["--variant=extract", "--arch=arm64"],
  include: [
    "libc6",
    "libstdc++6",
    "libgcc-s1",
    "dash",
    "coreutils",
    "tar",
    "gzip",
    "findutils",
    "libselinux1",
  ],
};

const USERS = ["root", "user"];
const SELF_CONTAINED = ["one file", "tar.gz", "deb"];
const DEBIAN = ["debian11", "debian12", "debian13"];
const NODES = ["20", "22", "24"];

/** Those that bring their own Node have no network but the loopback; the others reach the registries. */
export const CASES = [
  ...Object.keys(SYSTEMS).flatMap((system) =>
    SELF_CONTAINED.flatMap((form) => USERS.map((user) => ({ system, form, user, node: null }))),
  ),
  ...DEBIAN.flatMap((system) =>
    NODES.flatMap((node) => USERS.map((user) => ({ system, form: "npm", user, node }))),
  ),
  { system: "node18", form: "npm", user: "user", node: "18", refused: "needs Node 20.19" },
  {
    system: "debian12",
    form: "clone",
    user: "user",
    node: "22",
    refused: "missing Debian packages",
  },
  { system: "debian12", form: "clone", user: "root", node: "20" },
  { system: "debian13", form: "clone", user: "root", node: "24" },
  { system: "debian12", form: "clone, then as a user", user: "user", node: "22" },
  ...["debian12", "debian13"].flatMap((system) => [
    { system, form: "npm test, one file", user: "root", node: "22" },
    // An hour on two cores: for who asks for it.
    { system, form: "npm test, unit tests", user: "root", node: "22", asked: true },
    { system, form: "npm test, all", user: "root", node: "22", asked: true },
  ]),
  { system: "node18", form: "clone", user: "root", node: "18", refused: "needs Node 20.19" },
].map((one) => ({
  refused: null,
  asked: false,
  ...one,
  offline: SELF_CONTAINED.includes(one.form),
}));

/** One line for people, and what --only looks into. */
export function caseName({ system, form, user, node }) {
  const on = node === null ? "" : ` on Node ${node}`;
  return `${SYSTEMS[system].name}, ${form}${on}, as ${user === "root" ? "root" : "an ordinary user"}`;
}
