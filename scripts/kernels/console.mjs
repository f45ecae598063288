// What a test kernel wrote on its console: one line a run, and what must be in them.

/** Lines for people, and the runs by name. */
export function readConsole(output) {
  const runs = new Map();
  const lines = [];
  for (const [, name, json] of output.matchAll(/@@run (\S+) (\{.*\})/g)) {
    const run = JSON.parse(json);
    runs.set(name, run);
    const by = run.source ?? "nothing";
    lines.push(
      `${name}: ${run.verdict} ${(run.causes ?? []).join(" ")} (by ${by}, ${run.lost} lost)`,
    );
    for (const drop of run.drops ?? []) lines.push(`    ${drop}`);
  }
  const first = runs.get("open");
  for (const { hook, reason } of first?.missingHooks ?? []) lines.push(`hook ${hook}: ${reason}`);
  if (first?.missingHooks?.length === 0)
    lines.push("every hook is attached, those at functions too");
  for (const [, what] of output.matchAll(/@@missing (.*)/g)) lines.push(`missing: ${what.trim()}`);
  return { runs, lines, ended: output.includes("@@end") };
}

/** Drops that each run has to show, by reason and function; emulation is slow, so what hangs on time is not judged. */
const EXPECTED = [
  [
    "open",
    null,
    null,
    ["NO_SOCKET __udp4_lib_rcv", "IP_INHDR ip_forward", "PKT_TOO_BIG ip_forward"],
  ],
  [
    "open6",
    null,
    null,
    ["NO_SOCKET __udp6_lib_rcv", "IP_INHDR ip6_forward", "PKT_TOO_BIG ip6_forward"],
  ],
  ["closed", "fault", "port-refused", ["NO_SOCKET tcp_v4_rcv"]],
  ["firewall", "fault", "linux-firewall-in-distro", ["NETFILTER_DROP nf"]],
];

/** What is wrong, in words; nothing when all is well. A hook that this kernel refuses is no failure: it is named. */
export function judge({ runs, ended }) {
  const problems = EXPECTED.flatMap(([name, verdict, cause, drops]) => {
    const run = runs.get(name);
    if (run === undefined) return [`there is no run ${name}`];
    const all = run.drops ?? [];
    const missing = drops.filter((drop) => !all.some((seen) => isThat(seen, drop)));
    return [
      ...(run.source === "ebpf" ? [] : [`${name} was watched by ${run.source}`]),
      ...(run.lost === 0 ? [] : [`${name} lost ${run.lost} events`]),
      ...(verdict === null || run.verdict === verdict
        ? []
        : [`${name} is ${run.verdict} and not ${verdict}`]),
      ...(cause === null || (run.causes ?? []).includes(cause)
        ? []
        : [`${name} does not name ${cause}`]),
      ...noLosses(cause, all, drops).map((drop) => `${name} shows ${drop}, which is no loss`),
      ...missing.map((drop) => `${name} shows no ${drop}`),
    ];
  });
  const tracefs = runs.get("tracefs");
  if (tracefs?.source !== "tracefs") problems.push(`without eBPF the source is ${tracefs?.source}`);
  return ended ? problems : [...problems, "the kernel did not come to the end of the tests"];
}

/** Where nothing is wrong, any drop but those of probes that ask for it is none. */
function noLosses(cause, all, drops) {
  return cause === null ? all.filter((seen) => !drops.some((drop) => isThat(seen, drop))) : [];
}

/** A reason that was inferred bears a question mark. */
function isThat(seen, drop) {
  return seen.replace("? ", " ").startsWith(drop);
}
