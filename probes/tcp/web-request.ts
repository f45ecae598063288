// A request of the web as text, and what the first bytes of its answer hold.

import { authority, authorization, NOT_HTTP, uriHost } from "../proxy/request.ts";
import type { AnswerFields, ExchangeOptions } from "./exchange-events.ts";

export type WebOptions = ExchangeOptions & { readonly scheme: "https" | "http" };

/** The request line and the header of what the target asks for. */
export function requestText(options: WebOptions): string {
  const padding =
    options.scheme === "http" && options.padBytes !== null
      ? [`X-Padding: ${"p".repeat(options.padBytes)}`]
      : [];
  const { proxy } = options;
  // A tunnel leads to the target itself.
  const asked = options.scheme === "http" && proxy != null && !proxy.scheme.startsWith("socks");
  const own = asked ? authorization(proxy.credentials) : [];
  const uri = asked ? `http://${authority(options)}${options.path}` : options.path;
  return [
    `GET ${uri} HTTP/1.1`,
    `Host: ${hostField(options)}`,
    `User-Agent: ${options.userAgent}`,
    "Accept: */*",
    "Connection: close",
    ...own,
    ...padding,
    "",
    "",
  ].join("\r\n");
}

/** What the Host field holds: the port where it is not the scheme's own (RFC 9110 s.7.2). */
export function hostField({ scheme, host, port }: WebOptions): string {
  return port === (scheme === "https" ? 443 : 80) ? uriHost(host) : authority({ host, port });
}

/** What has come of an answer's beginning; beyond a header's size nothing more is looked at. */
export function withMore(head: Buffer | null, chunk: Buffer): Buffer {
  if (head === null) return chunk;
  return head.length < MAX_HEADER_BYTES ? Buffer.concat([head, chunk]) : head;
}

const MAX_LINE_BYTES = 200;
const HTTP = "HTTP/";

/** Whether more bytes would change the first line: a segment may end inside it. */
export function isLineWhole(head: Buffer): boolean {
  const line = head.subarray(0, MAX_LINE_BYTES).toString("latin1");
  const isHttp = line.startsWith(HTTP) || HTTP.startsWith(line);
  return !isHttp || line.includes("\r\n") || line.length >= MAX_LINE_BYTES;
}

/** The answer's first line, from its first bytes. */
export function statusLine(chunk: Buffer): string {
  const line = chunk.subarray(0, MAX_LINE_BYTES).toString("latin1").split("\r\n", 1)[0] ?? "";
  return /^HTTP\/\d(\.\d)? \d{3}/.test(line) ? line : NOT_HTTP;
}

/** Fields of the first bytes; a longer header's end is not waited for. */
export function fieldsOf(chunk: Buffer): AnswerFields {
  const [header = ""] = chunk.subarray(0, MAX_HEADER_BYTES).toString("latin1").split("\r\n\r\n", 1);
  const field = (pattern: RegExp) => pattern.exec(header)?.[1]?.trim() ?? null;
  // Up to 15 digits, which a number holds exactly.
  const length = /^content-length:[ \t]*(\d{1,15})[ \t]*$/im.exec(header)?.[1];
  return {
    altSvc: field(/^alt-svc:[ \t]*(.*)$/im),
    location: field(/^location:[ \t]*(.*)$/im)?.slice(0, MAX_FIELD_CHARS) ?? null,
    date: field(/^date:[ \t]*(.*)$/im)?.slice(0, MAX_FIELD_CHARS) ?? null,
    ...(length === undefined ? {} : { lengthBytes: Number(length) }),
  };
}

/** Longer ones are no addresses that anybody would follow. */
const MAX_FIELD_CHARS = 500;
const MAX_HEADER_BYTES = 16_384;
