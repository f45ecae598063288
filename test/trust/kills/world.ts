// A world for some rows: a network of namespaces, and inside the guest's own mounts and processes, so that whatever is left there is the tool's.

import { createInterface } from "node:readline";
import { execa } from "execa";
import { z } from "zod";
import { createChain } from "../../lab/independent/chain.ts";
import { AS, type As, PORT, SILENT_PORT } from "./rows.ts";

const CHECKOUT = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");
const INSIDE = new URL("inside.ts", import.meta.url).pathname;
/** Of what a run may write: a disk that is soon full. */
const DISK = "8m";

/** Fixed text. $1: the checkout, which may itself be in a temporary folder; then the program. */
const SETUP = `
for other in /run/netns/*; do umount -l "$other" 2> /dev/null; done
mount -t tmpfs -o mode=755 tmpfs /mnt || exit 125
mkdir -p /mnt/etc /mnt/run /mnt/tmp /mnt/home /mnt/out /mnt/checkout /mnt/tracing /mnt/memory
chmod 1777 /mnt/tmp /mnt/out; chmod 777 /mnt/home; cp -a /etc/. /mnt/etc
mount -t tmpfs -o mode=1777,size=${DISK} tmpfs /mnt/out
mount -t tracefs none /mnt/tracing || exit 125
mount -t cgroup -o memory none /mnt/memory 2> /dev/null || mount -t cgroup2 none /mnt/memory
mount --bind "$1" /mnt/checkout && mount --bind /mnt/etc /etc && mount --bind /mnt/run /run && mount --bind /mnt/tmp /tmp || exit 125
[ -d "$1" ] || { mkdir -p "$1" && mount --bind /mnt/checkout "$1"; } || exit 125
umount /mnt/checkout; rmdir /mnt/checkout
rm -f /etc/resolv.conf; echo nameserver 127.0.0.1 > /etc/resolv.conf
export HOME=/mnt/home XDG_STATE_HOME=/mnt/home/state CLI="$1/dist/cli.js"; unset XDG_RUNTIME_DIR XDG_CONFIG_HOME TMPDIR NODE_EXTRA_CA_CERTS CI
cd "$1"; shift; exec "$@"`;

const SERVER = `require("node:http").createServer((_, answer) => answer.end("x".repeat(40000)))
  .listen(${PORT}, "::", () => console.log("ready"));`;
/** A port that is silent, and a path that loses what is large. */
const LOSSES = `table inet w {
  chain c { type filter hook input priority 0; tcp dport ${SILENT_PORT} drop; };
  chain o { type filter hook output priority 0; ip length > 1300 drop; };
}
`;

const line = z.object({
  name: z.string(),
  as: z.enum(AS),
  way: z.string(),
  share: z.number(),
  tooLate: z.boolean(),
  wrong: z.array(z.string()),
});
export type Kill = z.infer<typeof line>;

/** Ends each row's command in each of these ways, at so many moments of its run. */
export async function killsOf(
  rows: readonly { readonly name: string; readonly as: As }[],
  ways: readonly string[],
  moments: number,
  { signal, tell }: { readonly signal: AbortSignal; tell(line: string): void },
): Promise<readonly Kill[]> {
  if (signal.aborted) return [];
  const { net } = await createChain([1500, 1500]);
  try {
    await net.serve("site", process.execPath, "-e", SERVER);
    await net.nft("site", LOSSES);
    const unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const inside = [process.execPath, "--import", "tsx", INSIDE];
    const named = rows.map(({ name, as }) => `${name} as ${as}`);
    const argv = [...inside, ways.join(","), `${moments}`, ...named];
    const child = execa(
      "ip",
      ["netns", "exec", net.name("guest"), ...unshare, "sh", "-c", SETUP, "sh", CHECKOUT, ...argv],
      { stdin: "ignore", reject: false, buffer: { stdout: false }, cancelSignal: signal },
    );
    const kills: Kill[] = [];
    for await (const text of createInterface({ input: child.stdout })) {
      const kill = line.parse(JSON.parse(text));
      kills.push(kill);
      const { name, as, way, share, wrong, tooLate } = kill;
      tell(
        `${name} as ${as}, ${way} at ${share}${tooLate ? ", too late" : ""}: ${wrong[0] ?? "clean"}`,
      );
    }
    const { exitCode, stderr } = await child;
    if (exitCode !== 0 && !signal.aborted) {
      throw new Error(`exit ${exitCode}: ${stderr.slice(-800)}`);
    }
    return kills;
  } finally {
    await net.remove();
  }
}
