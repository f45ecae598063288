import { describe, expect, test } from "vitest";
import { observeComputations, perPath, perPathAndKey } from "../../../src/facts/per-path.ts";
import { EMPTY_PATH, type Path } from "../../../src/model/path.ts";

function observing(use: () => void): readonly string[] {
  const computed: string[] = [];
  const end = observeComputations((fact) => computed.push(fact));
  try {
    use();
  } finally {
    end();
  }
  return computed;
}

describe("a fact of a Path", () => {
  const probeCount = perPath("probeCount", ({ probes }: Path) => probes.length);

  test("is computed once, however often it is asked for", () => {
    const path = { ...EMPTY_PATH };
    const computed = observing(() => {
      expect(probeCount(path)).toBe(0);
      expect(probeCount(path)).toBe(0);
    });
    expect(computed).toEqual(["probeCount"]);
  });

  test("is computed again for the Path with another event", () => {
    const computed = observing(() => {
      probeCount({ ...EMPTY_PATH });
      probeCount({ ...EMPTY_PATH });
    });
    expect(computed).toEqual(["probeCount", "probeCount"]);
  });

  test("about one of several is computed once for each of them", () => {
    const replies = perPathAndKey("replies", (_, server) => `of ${server}`);
    const path = { ...EMPTY_PATH };
    const computed = observing(() => {
      expect(replies(path, "192.0.2.1")).toBe("of 192.0.2.1");
      expect(replies(path, "192.0.2.2")).toBe("of 192.0.2.2");
      expect(replies(path, "192.0.2.1")).toBe("of 192.0.2.1");
    });
    expect(computed).toEqual(["replies 192.0.2.1", "replies 192.0.2.2"]);
  });

  test("is not observed after the observer has ended", () => {
    const computed = observing(() => {});
    probeCount({ ...EMPTY_PATH });
    expect(computed).toEqual([]);
  });
});
