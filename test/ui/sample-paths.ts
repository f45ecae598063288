// Snapshots that no recording shows: long paths, and names of other scripts.

import type { Snapshot } from "../../src/model/snapshot.ts";
import { sampleSegment } from "../src/report/sample-report.ts";
import { blackhole, healthy } from "./sample-snapshots.ts";

function hops(count: number, name: (ttl: number) => string) {
  return Array.from({ length: count }, (_, index) =>
    sampleSegment("internet-hop", { name: name(index + 3), ttl: index + 3 }),
  );
}

/** Some of them silent, so that they do not fold into one. */
export const thirtyHops: Snapshot = {
  ...healthy,
  diagnosis: {
    ...healthy.diagnosis,
    chain: healthy.diagnosis.chain.flatMap((segment) => {
      if (segment.kind === "internet-hop") return [];
      if (segment.kind !== "destination") return segment;
      const routers = hops(30, (ttl) => `198.51.100.${ttl}`).map((hop, index) =>
        index % 7 === 0 ? { ...hop, outbound: "silent" as const, inbound: "silent" as const } : hop,
      );
      return [...routers, segment];
    }),
  },
};

function renamed(host: string, name: string): Snapshot {
  return {
    ...blackhole,
    target: { ...blackhole.target, host },
    diagnosis: {
      ...blackhole.diagnosis,
      chain: blackhole.diagnosis.chain.map((segment) => ({ ...segment, name })),
    },
  };
}

/** Each character takes two columns. */
export const wide: Snapshot = renamed("日本語の長い名前.example", "以太网适配器 二");
export const rightToLeft: Snapshot = renamed("شبكة-الاختبار.example", "מתאם אתרנט");
