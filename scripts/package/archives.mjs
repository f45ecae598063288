// Archives that come out the same each time: names sorted, no times, no owners.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { inCheckout } from "../root.mjs";

const SAME_EACH_TIME = [
  "--format=ustar",
  "--sort=name",
  "--mtime=@0",
  "--owner=0",
  "--group=0",
  "--numeric-owner",
  // What the umask of whoever builds it has left out or in.
  "--mode=u=rwX,go=rX",
];

/** `folder` as a gzip tar, in which it keeps its name. */
export async function packTar(folder, archive, { run }) {
  const tar = archive.replace(/\.gz$/, "");
  await run("tar", [...SAME_EACH_TIME, "-cf", tar, "-C", dirname(folder), basename(folder)]);
  // No name and no time in its header.
  await run("gzip", ["-n", "-f", tar]);
}

/** The one file: `head.sh` with its figures filled in, and the archive behind it. */
export async function packOneFile(archive, file, { version, machine, inside }) {
  const id = (await digest(archive)).slice(0, ID_LENGTH);
  const { size } = await stat(archive);
  const values = {
    VERSION: version,
    MACHINE: machine,
    ID: `${version}-${id}`,
    INSIDE: inside,
    BYTES: `${size}`,
  };
  const text = (await readFile(inCheckout("scripts/package/head.sh"), "utf8")).replace(
    /@(VERSION|MACHINE|ID|INSIDE|BYTES)@/g,
    (_, name) => values[name],
  );
  const fresh = `${file}.new`;
  await writeFile(fresh, withOwnLength(text));
  await pipeline(createReadStream(archive), createWriteStream(fresh, { flags: "a" }));
  await chmod(fresh, 0o755);
  await rename(fresh, file);
}

// As many digits of SHA-256 as no two builds will share by chance.
const ID_LENGTH = 16;

/** The head says how long it is, with the figure in it. */
function withOwnLength(text) {
  let length = Buffer.byteLength(text);
  for (;;) {
    const filled = text.replaceAll("@HEAD@", `${length}`);
    const actual = Buffer.byteLength(filled);
    if (actual === length) return filled;
    length = actual;
  }
}

/** `<digest>  <name>` for each, as sha256sum reads it. */
export async function checksums(files) {
  const lines = await Promise.all(
    files.map(async (file) => `${await digest(file)}  ${basename(file)}\n`),
  );
  return lines.join("");
}

async function digest(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** A Debian package of `tree`, which becomes /usr/lib/wsl-trace. */
export async function packDebian(tree, file, { version, architecture, pages, run }) {
  const root = `${file}.root`;
  await rm(root, { recursive: true, force: true });
  const at = (path) => join(root, path);
  await mkdir(at("DEBIAN"), { recursive: true });
  await mkdir(at("usr/lib"), { recursive: true });
  await cp(tree, at("usr/lib/wsl-trace"), { recursive: true });
  for (const { inDebian, text } of pages) {
    await mkdir(dirname(at(inDebian)), { recursive: true });
    await writeFile(at(inDebian), text);
    if (inDebian.includes("/man/")) await run("gzip", ["-9", "-n", at(inDebian)]);
  }
  await mkdir(at("usr/bin"), { recursive: true });
  await writeFile(at("usr/bin/wsl-trace"), LAUNCHER);
  await mkdir(at("usr/share/doc/wsl-trace"), { recursive: true });
  await rename(at("usr/lib/wsl-trace/LICENSES.txt"), at("usr/share/doc/wsl-trace/copyright"));
  await writeFile(at("DEBIAN/control"), await control(root, version, architecture, run));
  await run("chmod", ["-R", "u=rwX,go=rX", root]);
  await chmod(at("usr/bin/wsl-trace"), 0o755);
  await run("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", root, file], {
    SOURCE_DATE_EPOCH: "0",
    // How many threads compress, and so the bytes, would hang on the processors and the memory of who builds it.
    DPKG_DEB_THREADS_MAX: "1",
  });
  await rm(root, { recursive: true });
}

const LAUNCHER = `#!/bin/sh
unset NODE_OPTIONS
exec /usr/lib/wsl-trace/node /usr/lib/wsl-trace/dist/cli.js "$@"
`;

async function control(root, version, architecture, run) {
  const size = (await run("du", ["-sk", "--apparent-size", root])).split("\t")[0];
  return `Package: wsl-trace
Version: ${version}
Architecture: ${architecture}
Maintainer: the wsl-trace developers <wsl-trace@users.noreply.github.com>
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libstdc++6
Suggests: iproute2, nftables, ethtool
Section: net
Priority: optional
Description: finds where packets die between a program in WSL and the internet
 Probes the path to a target, sweeps packet sizes in both directions, reads what
 the Linux kernel and Windows report, and names the root cause, its evidence and
 the command that fixes it.
`;
}
