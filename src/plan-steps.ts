// What the order of probes is made of: the names of its steps, what each reaches, and what it may wait for.

/** Steps that are one probe, which has the step's name in src/probe.ts: a new one needs no more than its name and its row. */
export type ProbeStep =
  | "links"
  | "proxy-choice"
  | "guest"
  | "host"
  | "trust"
  | "resolver-path"
  | "controls"
  | "counter-check"
  | "outbound-tcp"
  | "candidate-sizes"
  | "hop-sizes"
  | "whole-echo"
  | "icmp-later"
  | "long-answer"
  | "transfer"
  | "loss"
  | "segment-loss"
  | "ecn"
  | "silence";

/** Steps that share something with others, or reach something before their end: src/run-plan.ts starts each. */
export type SharedStep =
  | "resolve"
  | "route-before"
  | "host-names"
  | "kernel"
  | "tcp"
  | "udp"
  | "flows"
  | "size-flows"
  | "proxy"
  | "host-probes"
  | "hop-names"
  | "interim-names"
  | "interim"
  | "tcp-end"
  | "host-end"
  | "route-after"
  | "hop-names-end"
  | "kernel-end"
  | "resolve-end"
  | "inbound";

/** Everything that a run does, by name. */
export type StepName = ProbeStep | SharedStep;

/** A step's name stands for its end; "started" and the others for what a step reaches before it. */
export type Milestone =
  | StepName
  | "resolve.silent"
  | "resolve.decided"
  | "tcp.started"
  | "tcp.chosen"
  | "tcp.clear"
  | "tcp.decided"
  | "hop-names.started";

/** Looked at when a step's turn comes; src/run-plan.ts defines each. */
export type Condition =
  | "names-wanted"
  | "inbound-wanted"
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
