import { expect, test } from "vitest";
import { factsOf } from "../../../src/facts/facts.ts";
import { observeComputations } from "../../../src/facts/per-path.ts";
import { fold } from "../../../src/model/reduce.ts";
import { readEvents } from "../../recordings/files.ts";

test("a fact is computed when it is asked for, and not before", () => {
  const path = fold(readEvents("wsl2-vpn.root.ndjson.gz"));
  const computed: string[] = [];
  const end = observeComputations((fact) => computed.push(fact));
  try {
    const facts = factsOf(path);
    expect(computed).toEqual([]);
    expect(facts.dns.outcome).toBe("ok");
    expect(computed).toEqual(["dnsFacts"]);
  } finally {
    end();
  }
});
