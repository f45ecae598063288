// How large an answer of one server comes over UDP: whole, cut short, or lost between smaller ones.

import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DnsCheck } from "../../schema/events/dns.ts";
import { perPathAndKey } from "../per-path.ts";
import { checksOf } from "./checks.ts";

export interface AnswerSize {
  readonly type: DnsCheck["type"];
  /** The UDP payload size that the question offered. */
  readonly ednsBytes: number;
  readonly result: "whole" | "cut" | "lost" | "failed";
  /** Of the message that came. */
  readonly bytes: number | null;
}

export interface LostAnswer {
  readonly type: DnsCheck["type"];
  readonly name: string;
  /** The smallest offer that stayed without an answer. */
  readonly ednsBytes: number;
  /** Of the whole answer, as TCP brought it. */
  readonly wholeBytes: number;
  /** Of the largest answer that came over UDP. */
  readonly passedBytes: number;
  readonly evidence: readonly string[];
}

/** One row for each type and offer that a server was queried with, by type and then by size. */
export function answerSizes(path: Path, server: string): readonly AnswerSize[] {
  const sizes = checksOf(path, "size", server).filter(({ transport }) => transport === "udp");
  const keys = [...new Set(sizes.map(({ type, ednsBytes }) => `${type} ${ednsBytes}`))];
  const rows = keys.flatMap((key): AnswerSize[] => {
    const all = sizes.filter(({ type, ednsBytes }) => `${type} ${ednsBytes}` === key);
    // A size that was answered once comes through.
    const best = all.find(({ outcome }) => outcome.kind === "answer") ?? all[0];
    if (best === undefined || best.ednsBytes === null) return [];
    return [{ type: best.type, ednsBytes: best.ednsBytes, ...resultOf(best) }];
  });
  // Not in the order of the answers, which is chance.
  return rows.sort((a, b) => order(a) - order(b) || a.ednsBytes - b.ednsBytes);
}

const TYPES = ["A", "AAAA", "TXT"] as const;

function order({ type }: AnswerSize): number {
  return TYPES.indexOf(type);
}

function resultOf({ outcome }: DnsCheck): Pick<AnswerSize, "result" | "bytes"> {
  if (outcome.kind === "no-reply") return { result: "lost", bytes: null };
  if (outcome.kind !== "answer") return { result: "failed", bytes: null };
  return { result: outcome.truncated ? "cut" : "whole", bytes: outcome.sizeBytes ?? null };
}

/**
 * A large answer that is lost for its size. All of it has to be there:
 * 1. an offer stayed silent in two rounds of three datagrams each;
 * 2. one other question was answered before, between and after them;
 * 3. TCP brought the answer, and it is larger than everything that came over UDP;
 * 4. what was lost was as long as that answer, or as the offer where that is less, and longer than
 *    any server may send without EDNS: what drops a short answer does so for its type or name.
 */
export const lostAnswer = perPathAndKey("lostAnswer", computeLostAnswer);

function computeLostAnswer(path: Path, server: string): LostAnswer | null {
  const checks = checksOf(path, "size", server);
  const udp = checks.filter(({ transport }) => transport === "udp");
  const control = groupsOf(udp).find(
    (rows) => rows.length >= CONTROLS && rows.every(({ outcome }) => outcome.kind === "answer"),
  );
  if (control === undefined) return null;
  const passedBytes = Math.max(...udp.map(bytesOf));
  const lost = groupsOf(udp).flatMap((rows): readonly LostAnswer[] => {
    const [{ type, name, ednsBytes } = {}] = rows;
    const silent =
      rows.length >= SILENCES && rows.every(({ outcome }) => outcome.kind === "no-reply");
    const whole = checks.find((check) => check.transport === "tcp" && check.type === type);
    if (!silent || whole === undefined || type === undefined || name === undefined) return [];
    const wholeBytes = bytesOf(whole);
    const offer = ednsBytes ?? 0;
    if (Math.max(passedBytes, PLAIN_BYTES) >= Math.min(wholeBytes, offer)) return [];
    const evidence = [...control, ...rows, whole].map(({ id }) => id);
    return [{ type, name, ednsBytes: offer, wholeBytes, passedBytes, evidence }];
  });
  return lost.sort((a, b) => a.ednsBytes - b.ednsBytes)[0] ?? null;
}

/** What a question without EDNS allows (RFC 1035 s.4.2.1). */
const PLAIN_BYTES = 512;
const CONTROLS = 3;
const SILENCES = 2;

/** The repetitions of each question. */
function groupsOf(checks: readonly Seen<DnsCheck>[]): readonly (readonly Seen<DnsCheck>[])[] {
  const key = ({ type, ednsBytes }: DnsCheck) => `${type} ${ednsBytes}`;
  const keys = [...new Set(checks.map(key))];
  return keys.map((one) => checks.filter((check) => key(check) === one));
}

function bytesOf({ outcome }: DnsCheck): number {
  return outcome.kind === "answer" ? (outcome.sizeBytes ?? 0) : 0;
}
