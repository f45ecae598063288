// The lab's name server answers as RFC 1035 and RFC 2308 specify.

import { decode, encode, type Question } from "dns-packet";
import { describe, expect, it } from "vitest";
import { answerTo } from "../../../probes/lab/src/programs/lab-host-dns.ts";

const config = {
  addresses: [],
  quirks: {},
  behaviour: "answer" as const,
  zone: { "github.com": ["192.0.2.80", "2001:db8::80"], "ipv4.example.test": ["192.0.2.80"] },
};

function ask(question: Question, behaviour: "answer" | "refuse" = "answer") {
  const query = encode({ type: "query", id: 9, questions: [question] });
  const reply = answerTo(query, { ...config, behaviour });
  if (reply === null) throw new Error("no reply");
  const { rcode, answers, authorities, id }: ReturnType<typeof decode> & { rcode?: string } =
    decode(reply);
  return { rcode, id, answers: answers?.length, authority: authorities?.[0]?.type };
}

describe("the lab's name server", () => {
  it("gives the address of the family that was requested", () => {
    expect(ask({ name: "github.com", type: "A" })).toMatchObject({
      rcode: "NOERROR",
      answers: 1,
      id: 9,
    });
    expect(ask({ name: "GITHUB.com", type: "AAAA" })).toMatchObject({
      rcode: "NOERROR",
      answers: 1,
    });
  });

  it("answers NODATA with an SOA for a name without such a record", () => {
    const nodata = { rcode: "NOERROR", answers: 0, authority: "SOA" };
    expect(ask({ name: "ipv4.example.test", type: "AAAA" })).toMatchObject(nodata);
  });

  it("answers NXDOMAIN with an SOA for a name that is not there", () => {
    const nothing = { rcode: "NXDOMAIN", answers: 0, authority: "SOA" };
    expect(ask({ name: "nowhere.example.test", type: "A" })).toMatchObject(nothing);
  });

  it("refuses everything when it is configured to", () => {
    expect(ask({ name: "github.com", type: "A" }, "refuse")).toMatchObject({
      rcode: "REFUSED",
      answers: 0,
    });
  });

  it("gives no answer to what is no question", () => {
    expect(answerTo(Buffer.from("hello"), config)).toBeNull();
    expect(answerTo(encode({ type: "response", id: 1 }), config)).toBeNull();
  });
});
