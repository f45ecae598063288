// Where this machine's kernel saw the run's packets, one line for each TTL.

import type { KernelReport } from "../schema/kernel-report.ts";
import { hanging, padded } from "./text-layout.ts";

const COLUMNS = ["sent", "netfilter", "device", "returned", "answered", "dropped"] as const;
const LABEL_WIDTH = 13;
const CELL_WIDTH = 10;

/** Nothing where nothing was followed. */
export function kernelStageLines(kernel: KernelReport | undefined): string[] {
  if (kernel === undefined) return [];
  const row = (label: string, cells: readonly string[]) =>
    `  ${padded(label, LABEL_WIDTH)}${cells.map((cell) => cell.padStart(CELL_WIDTH)).join("")}`;
  return [
    row("TTL", COLUMNS),
    ...kernel.hops.map((hop) =>
      row(
        hop.ttl === null ? "connections" : `${hop.ttl}`,
        COLUMNS.map((column) => `${hop[column]}`),
      ),
    ),
    ...kernel.namespaces.flatMap((passed) => hanging("  > ", formatNamespace(passed))),
    ...kernel.notObservable.flatMap((what) => hanging("  ? ", `not observable: ${what}`)),
  ];
}

function formatNamespace(passed: KernelReport["namespaces"][number]): string {
  const { name, received, sent, packets, translated } = passed;
  const way = [
    ...(received === null ? [] : [`in by ${received}`]),
    ...(sent === null ? [] : [`out by ${sent}`]),
  ].join(", ");
  const nat = translated === null ? [] : [formatNat(translated)];
  return [`namespace ${name}: ${packets} of them ${way}`, ...nat].join("; ");
}

function formatNat({ from, to }: NonNullable<KernelReport["namespaces"][number]["translated"]>) {
  const changes = (["source", "destination"] as const).flatMap((end) =>
    from[end] === to[end] ? [] : [`${end} ${from[end]} became ${to[end]}`],
  );
  return `NAT: ${changes.join(", ")}`;
}
