// An initramfs for a test kernel: busybox, node, ip, nft with their libraries, the modules, and the built tool.

import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../search-path.mjs";

/** Below lib/modules/VERSION/kernel: veth, and all of netfilter with what it stands on. */
const MODULES = [
  "drivers/net",
  "net/netfilter",
  "net/ipv4/netfilter",
  "net/ipv6/netfilter",
  "lib",
  "crypto",
  "arch/x86/crypto",
];
const NAMES =
  /^(veth|nfnetlink|nf_tables|nft_ct|nft_reject\w*|nf_reject\w*|nf_conntrack|nf_defrag_ipv[46]|libcrc32c|crc32c\w*)\.ko(\.xz)?$/;

/** Applets by which init.sh calls busybox. */
const APPLETS =
  "sh mount mkdir sleep cat head uname depmod modprobe ping poweroff sysctl ls rmdir sed";

/**
 * @param kernel `folder`: the unpacked package, `version`
 * @param tools `runQuietly`, `fail`, `path`, `inCheckout`, `busybox`
 * @returns the file
 */
export async function makeInitramfs(kernel, root, tools) {
  const { inCheckout, busybox } = tools;
  for (const folder of ["bin", "sbin", "proc", "sys", "dev", "tmp", "run", "etc", "app/bin"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  cpSync(busybox, join(root, "bin/busybox"));
  for (const applet of APPLETS.split(" ")) await link("busybox", join(root, "bin", applet), tools);
  await copyProgram(process.execPath, root, tools, "bin/node");
  for (const program of ["ip", "nft", "unshare"]) {
    const file = findProgram(program, tools.path);
    if (file === null) throw tools.fail(`${program} is not installed`);
    await copyProgram(file, root, tools, program === "ip" ? "app/bin/ip" : `bin/${program}`);
  }
  cpSync(inCheckout("dist"), join(root, "app/dist"), { recursive: true });
  const native = `node_modules/@koromix/koffi-linux-${process.arch}`;
  cpSync(inCheckout(native), join(root, "app", native), { recursive: true });
  for (const file of ["init.sh", "summary.mjs"]) {
    const to = join(root, file === "init.sh" ? "init" : "app/summary.mjs");
    cpSync(inCheckout(`scripts/kernels/${file}`), to);
  }
  chmodSync(join(root, "init"), 0o755);
  await copyModules(kernel, root, tools);
  return pack(root, tools);
}

async function link(to, from, { runQuietly }) {
  await runQuietly("ln", ["-sf", to, from]);
}

/** With the libraries that the dynamic linker names. */
async function copyProgram(file, root, { runQuietly }, as) {
  cpSync(file, join(root, as), { dereference: true });
  chmodSync(join(root, as), 0o755);
  const { output } = await runQuietly("ldd", [file]);
  for (const [library] of output.matchAll(/\/\S+\.so\S*/g)) {
    const to = join(root, library);
    if (existsSync(to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(library, to, { dereference: true });
  }
}

async function copyModules({ folder, version }, root, { runQuietly, fail }) {
  const from = ["lib/modules", "usr/lib/modules"]
    .map((path) => join(folder, path, version))
    .find((path) => existsSync(path));
  if (from === undefined) throw fail(`the package of ${version} holds no modules`);
  const to = join(root, "lib/modules", version);
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((file) => /^modules\.(order|builtin)/.test(file))) {
    cpSync(join(from, name), join(to, name));
  }
  for (const part of MODULES) {
    const files = existsSync(join(from, "kernel", part))
      ? readdirSync(join(from, "kernel", part))
      : [];
    for (const file of files.filter((name) => NAMES.test(name))) {
      mkdirSync(join(to, "kernel", part), { recursive: true });
      cpSync(join(from, "kernel", part, file), join(to, "kernel", part, file));
      if (file.endsWith(".xz")) await runQuietly("xz", ["-d", join(to, "kernel", part, file)]);
    }
  }
}

/** By busybox' own cpio, which needs no other package. */
async function pack(root, { runQuietly, busybox, fail }) {
  const file = `${root}.cpio`;
  const script = 'cd "$1" && find . | "$2" cpio -o -H newc > "$3"';
  const { code, output } = await runQuietly("sh", ["-c", script, "sh", root, busybox, file]);
  if (code !== 0) throw fail(`no initramfs could be packed: ${output}`);
  return file;
}
