// Which of a message's records are the answer, and what is no answer at all.

import { encode, type Packet } from "dns-packet";
import { expect, test } from "vitest";
import { readAnswer } from "../../../probes/dns/message.ts";

const QUESTION = { server: "192.0.2.53", name: "www.example.test", type: "A" } as const;
const ID = 4711;

type Answers = NonNullable<Packet["answers"]>;

function message(answers: Answers, more: Partial<Packet> = {}): Buffer {
  return encode({
    type: "response",
    id: ID,
    questions: [{ type: "A", name: QUESTION.name }],
    answers,
    ...more,
  });
}

const a = (name: string, data: string): Answers[number] => ({ type: "A", name, data, ttl: 60 });
const cname = (name: string, data: string): Answers[number] => ({
  type: "CNAME",
  name,
  data,
  ttl: 60,
});

const addresses = (bytes: Buffer) => {
  const read = readAnswer(bytes, QUESTION, ID);
  return read?.kind === "answer" ? read.addresses : read;
};

test("addresses of other names in the message are not the answer", () => {
  const glue = [a("ns1.example.test", "192.0.2.99"), a("ns2.example.test", "192.0.2.98")];
  expect(addresses(message([...glue, a("WWW.example.TEST", "192.0.2.80")]))).toEqual([
    "192.0.2.80",
  ]);
  expect(addresses(message(glue))).toEqual([]);
});

test("CNAMEs are followed, in whatever order they stand, and in a circle only once", () => {
  const chain = [
    a("edge.cdn.test", "192.0.2.81"),
    cname("cdn.test", "edge.cdn.test"),
    cname(QUESTION.name, "cdn.test"),
    a("other.cdn.test", "192.0.2.99"),
  ];
  expect(addresses(message(chain))).toEqual(["192.0.2.81"]);
  const circle = [cname(QUESTION.name, "b.test"), cname("b.test", QUESTION.name)];
  expect(addresses(message(circle))).toEqual([]);
});

test("what is of another id, is a query, or answers another question says nothing", () => {
  const good = [a(QUESTION.name, "192.0.2.80")];
  expect(readAnswer(message(good), QUESTION, ID + 1)).toBeUndefined();
  expect(readAnswer(message(good, { type: "query" }), QUESTION, ID)).toBeUndefined();
  const other = message(good, { questions: [{ type: "A", name: "else.test" }] });
  expect(readAnswer(other, QUESTION, ID)).toBeUndefined();
  const ofType = message(good, { questions: [{ type: "AAAA", name: QUESTION.name }] });
  expect(readAnswer(ofType, QUESTION, ID)).toBeUndefined();
  expect(readAnswer(Buffer.from("garbage"), QUESTION, ID)).toBeUndefined();
});

const cuts = [
  { type: "A", of: [a(QUESTION.name, "192.0.2.80"), a(QUESTION.name, "192.0.2.81")] },
  { type: "AAAA", of: [{ type: "AAAA", name: QUESTION.name, data: "2001:db8::1", ttl: 60 }] },
] as const;

test.each(cuts)("of $type, at whatever byte it is cut, never becomes another answer", (cut) => {
  const { type, of } = cut;
  const whole = message([...of], { questions: [{ type, name: QUESTION.name }] });
  const question = { ...QUESTION, type };
  expect(readAnswer(whole, question, ID)?.kind).toBe("answer");
  for (let length = 0; length < whole.length; length += 1) {
    const read = readAnswer(whole.subarray(0, length), question, ID);
    expect(read === undefined || read.kind === "malformed").toBe(true);
  }
});

test("an address of fewer bytes than it has is no address", () => {
  const whole = message([a(QUESTION.name, "192.0.2.80")]);
  const cut = Buffer.from(whole.subarray(0, -1));
  cut.writeUInt16BE(3, cut.length - 5);
  expect(readAnswer(whole, QUESTION, ID)).toMatchObject({ kind: "answer" });
  expect(readAnswer(cut, QUESTION, ID)).toEqual({
    kind: "malformed",
    why: "a record in it is cut off",
  });
});
