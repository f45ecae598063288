// Whether this process may load programs; why not, in words for a skipped test.

import { type FeatureName, probeFeatures, type ReasonKind } from "ebpf-ts-bindings";

/** Only what the system withholds is a reason to skip; anything else that fails is a fault, and the tests show it. */
const WITHHELD: readonly ReasonKind[] = [
  "missing-capability",
  "user-namespace",
  "lockdown",
  "seccomp",
  "no-btf",
  "no-bpf",
  "unsupported-system",
];

/** null when the feature can be had, or should be. */
export async function whyNo(name: FeatureName): Promise<string | null> {
  const feature = (await probeFeatures()).find((row) => row.name === name);
  if (feature === undefined || feature.available) return null;
  return WITHHELD.includes(feature.reason.kind) ? feature.reason.text : null;
}
