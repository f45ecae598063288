// Changes as lines for people: what a step does, and how a file differs.

import type { Change } from "./change.ts";

/** "ip link set dev eth0 mtu 1400" of a change; a file's name with what becomes of it. */
export function formatChange(one: Change): string {
  switch (one.kind) {
    case "link-mtu":
      return ["ip link set dev", one.device, "mtu", one.mtu].join(" ");
    case "ip":
      return `ip ${one.family === 6 ? "-6 " : ""}${one.object} ${one.args.join(" ")}`;
    case "flush-cache":
      return "ip route flush cache";
    case "sysctl":
      return `sysctl ${one.key}="${one.value}"`;
    case "edit":
      return `change ${one.path}`;
    case "remove":
      return `remove ${one.path}`;
    case "link":
      return `link ${one.path} to ${one.target}`;
    case "mutable":
      return `chattr -i ${one.path}`;
    case "folder":
      return `make ${one.path}`;
  }
}

/** Lines that go ("-") and come ("+"), in the order of the file: its common beginning and end are left out. */
export function lineDiff(path: string, before: string, after: string): readonly string[] {
  const old = before.split("\n");
  const now = after.split("\n");
  const begin = commonLength(old, now);
  const end = commonLength(
    [...old].reverse(),
    [...now].reverse(),
    Math.min(old.length, now.length) - begin,
  );
  return [
    `--- ${path}`,
    ...old.slice(begin, old.length - end).map((line) => `-${line}`),
    ...now.slice(begin, now.length - end).map((line) => `+${line}`),
  ];
}

function commonLength(one: readonly string[], other: readonly string[], most = one.length): number {
  const first = one.findIndex((line, index) => index >= most || line !== other[index]);
  return first === -1 ? Math.min(one.length, most) : first;
}
