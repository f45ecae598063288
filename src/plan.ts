// The one order of probes, as data: what runs when, what it waits for, and why. src/run-plan.ts follows it.

/** Steps that are one probe, which has the step's name in src/probe.ts: a new one needs no more than its name and its row. */
export type ProbeStep =
  | "links"
  | "proxy-choice"
  | "guest"
  | "host"
  | "trust"
  | "resolver-path"
  | "udp"
  | "flows"
  | "controls"
  | "counter-check"
  | "outbound-tcp"
  | "candidate-sizes"
  | "hop-sizes"
  | "whole-echo"
  | "long-answer"
  | "transfer"
  | "loss"
  | "segment-loss";

/** Steps that share something with others, or reach something before their end: src/run-plan.ts starts each. */
export type SharedStep =
  | "resolve"
  | "route-before"
  | "host-names"
  | "kernel"
  | "tcp"
  | "proxy"
  | "host-probes"
  | "hop-names"
  | "tcp-end"
  | "host-end"
  | "route-after"
  | "hop-names-end"
  | "kernel-end"
  | "resolve-end";

/** Everything that a run does, by name. */
export type StepName = ProbeStep | SharedStep;

/** A step's name stands for its end; "started" and the others for what a step reaches before it. */
export type Milestone =
  | StepName
  | "resolve.decided"
  | "tcp.started"
  | "tcp.clear"
  | "tcp.decided"
  | "hop-names.started";

/** Looked at when a step's turn comes; src/run-plan.ts defines each. */
export type Condition =
  | "route-wanted"
  | "tls-wanted"
  | "no-address"
  | "no-address-and-sending"
  | "path-wanted"
  | "path-followed"
  | "hop-names-wanted"
  | "host-probing";

export interface Step {
  readonly step: StepName;
  readonly after: readonly Milestone[];
  /** What it waits for once it has begun, for a part of its work. */
  readonly meanwhile?: readonly Milestone[];
  /** Left out where it does not hold; whoever waits for the step goes on. */
  readonly when?: Condition;
  /** What is shown while it goes on. */
  readonly activity?: string;
  readonly why: string;
}

/** Each step stands behind those that it waits for. */
export const PLAN: readonly Step[] = [
  {
    step: "links",
    after: [],
    activity: "reading this machine",
    why: "its files alone: the first packet waits for no program, unless a link that is up has no carrier",
  },
  {
    step: "proxy-choice",
    after: ["links"],
    why: "the default attempt is the user's: where programs take a proxy, the path to it is what is followed",
  },
  {
    step: "guest",
    after: ["proxy-choice"],
    why: "what can be asked of Windows depends on what this machine is",
  },
  {
    step: "host",
    after: ["guest"],
    activity: "asking Windows",
    why: "the snapshot names further resolvers and sizes to try",
  },
  {
    step: "resolve",
    after: ["proxy-choice"],
    meanwhile: ["host"],
    activity: "asking the resolvers",
    why: "those of the distro at once, as a program would; those of Windows when they are known",
  },
  {
    step: "trust",
    after: ["resolve.decided"],
    when: "tls-wanted",
    why: "the trusted roots take so long to parse that a handshake which waited for them would seem slow",
  },
  {
    step: "route-before",
    after: ["resolve.decided"],
    when: "route-wanted",
    why: "a PMTU that was cached before the first probe must not pass for a measured one",
  },
  {
    step: "host-names",
    after: ["route-before", "host"],
    when: "no-address",
    why: "Windows may know the name that the distro's resolvers did not",
  },
  {
    step: "resolver-path",
    after: ["route-before", "host"],
    when: "no-address-and-sending",
    activity: "following the path to the name server",
    why: "without an address the only path to follow is the one to the silent name server",
  },
  {
    step: "kernel",
    after: ["resolve.decided"],
    when: "path-wanted",
    why: "the watch has to be on before the first packet of the default attempt",
  },
  {
    step: "tcp",
    after: ["trust", "route-before", "kernel"],
    // Where the connection was refused by ICMP, the few errors that a router sends are for the probe that names it.
    meanwhile: ["udp"],
    when: "path-followed",
    activity: "connecting",
    why: "the default attempt and the inbound sizes come before anything large: an ICMP error with an MTU can make a black hole recover before it is seen",
  },
  {
    step: "proxy",
    after: ["tcp.started", "host"],
    when: "path-followed",
    why: "beside the default attempt: directly where that goes through a proxy; Windows' settings name one where the environment names none",
  },
  {
    step: "host-probes",
    after: ["tcp.started", "host"],
    when: "path-followed",
    why: "Windows probes the same target from its side meanwhile",
  },
  {
    step: "udp",
    after: ["tcp.clear", "host"],
    when: "path-followed",
    activity: "following the path out",
    why: "outbound sizes may be sent once the inbound half is decided; Windows names some of those worth a packet",
  },
  {
    step: "hop-names",
    after: ["udp"],
    when: "hop-names-wanted",
    why: "the routers are known now; nothing waits for their names",
  },
  {
    step: "flows",
    after: ["udp", "tcp.decided"],
    when: "path-followed",
    why: "other source ports only where a connection shows that the port answers",
  },
  {
    step: "controls",
    after: ["flows"],
    when: "path-followed",
    why: "the gateway and the VPN's endpoint, where the target is silent",
  },
  {
    step: "counter-check",
    after: ["controls"],
    when: "path-followed",
    why: "whether this kernel itself drops the packets, where nothing shows single ones: nothing else is sent meanwhile",
  },
  {
    step: "outbound-tcp",
    after: ["counter-check"],
    when: "path-followed",
    why: "TCP data decide where UDP could not",
  },
  {
    step: "candidate-sizes",
    after: ["outbound-tcp"],
    when: "path-followed",
    why: "sizes that something names as a limit narrow what silence left open",
  },
  {
    step: "hop-sizes",
    after: ["candidate-sizes"],
    when: "path-followed",
    why: "hop by hop, in a run about sizes",
  },
  {
    step: "whole-echo",
    after: ["hop-sizes", "tcp"],
    when: "path-followed",
    why: "where a cached PMTU keeps connections small or none is asked for, after all that may show the inbound size without it",
  },
  {
    step: "tcp-end",
    after: ["hop-sizes"],
    when: "path-followed",
    activity: "waiting whether the hang recovers",
    why: "the default attempt may still recover: the verdict waits for it",
  },
  {
    step: "long-answer",
    after: ["tcp", "tcp-end", "whole-echo", "proxy"],
    when: "path-followed",
    why: "a server that is notified of a limit offers a smaller MSS: after all that is measured outbound",
  },
  {
    step: "transfer",
    after: ["long-answer"],
    when: "path-followed",
    why: "a long answer fills the queues that every other probe would wait in",
  },
  {
    step: "loss",
    after: ["transfer"],
    when: "path-followed",
    activity: "measuring loss",
    why: "only loss that other probes suggest is worth many packets",
  },
  {
    step: "segment-loss",
    after: ["loss"],
    when: "path-followed",
    why: "where loss spares no size, large packets need no measurement of their own",
  },
  {
    step: "host-end",
    after: ["segment-loss"],
    when: "host-probing",
    activity: "waiting for Windows",
    why: "its probes have limits of their own",
  },
  {
    step: "route-after",
    after: ["host-end", "host-probes"],
    when: "path-followed",
    why: "what the kernel has cached by now",
  },
  {
    step: "hop-names-end",
    after: ["route-after", "hop-names.started"],
    why: "nothing else is left to wait for: names that have not come yet are given up",
  },
  {
    step: "kernel-end",
    after: ["hop-names-end"],
    why: "the watch is on only while probes are sent",
  },
  {
    step: "resolve-end",
    after: ["kernel-end", "host-names", "resolver-path"],
    why: "servers that are silent are waited for unless the address proved right",
  },
];
