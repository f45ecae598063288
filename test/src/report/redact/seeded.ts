// Runs with a secret in every text field, made from the schemas: a new field is seeded by itself.

import * as z from "zod";
import { eventBody, type ProbeEvent, probeEvent } from "../../../../src/schema/event.ts";
import { kindOf, type TextKind } from "../../../../src/schema/text-kinds.ts";

export interface Seeded {
  readonly events: readonly ProbeEvent[];
  /** None of these may be in anything that is redacted. */
  readonly secrets: readonly string[];
}

/** How far lists and unions are followed: every option of every union has an event of its own. */
export function seededRun(): Seeded {
  const secrets: string[] = [];
  const seed = seeder(secrets);
  const bodies = eventBody.options.flatMap((option) => variants(option, seed));
  const isEnd = (body: unknown) => kindIn(body) === "run-ended";
  const isStart = (body: unknown) => kindIn(body) === "run-started";
  const ordered = [
    ...bodies.filter(isStart).slice(0, 1),
    ...bodies.filter((body) => !isEnd(body) && !isStart(body)),
    ...bodies.filter(isEnd).slice(0, 1),
  ];
  const events = ordered.map((body, n) =>
    probeEvent.parse({ id: `e${n + 1}`, atMs: n, ...Object(body) }),
  );
  return { events, secrets };
}

/** One secret of each kind: as it stands in a field, and what of it must not come out. */
function seeder(secrets: string[]): (kind: TextKind) => unknown {
  let n = 0;
  const next = () => {
    n += 1;
    // Three bytes that no other seed has.
    const bytes = [n >> 8, n & 0xff];
    const four = `81.${bytes[0]}.${bytes[1]}.77`;
    const six = `2a02:810:${n.toString(16)}::${n.toString(16)}`;
    const mac = `4a:5b:6c:7d:${bytes.map((byte) => byte?.toString(16).padStart(2, "0")).join(":")}`;
    const digest = `c0ffee${n.toString(16).padStart(6, "0")}`.repeat(2);
    const word = `qzleak${n}`;
    secrets.push(four, six, mac, digest, word);
    return { four, six, mac, digest, word };
  };
  return (kind) => {
    const { four, six, mac, digest, word } = next();
    const host = `${word}.qzcorp.net`;
    const url = `https://qzuser:qzpass@${host}:8443/qzpath?qz=1#qz`;
    switch (kind) {
      case "address":
        return n % 2 === 0 ? four : `${six}%${word}`;
      case "host":
        return host;
      case "adapter":
        return `${word} VPN`;
      case "mac":
        return mac;
      case "url":
      case "target":
        return url;
      case "target-path":
        return "/qzpath?qz=1";
      case "digest":
        return digest;
      case "time":
      case "id":
        return word;
      case "version":
        return n % 2 === 0 ? `6.6.87.2-${word}` : four;
      case "text":
        return `${word} of ${host} (${four}, [${six}]:443, ${mac}) in C:\\Users\\qzuser\\qzdir, /home/qzuser/.qz: bob:qzpass@${host} QZCORP\\qzuser ${url} id=${digest} 49151234567`;
      case "snapshot":
        return snapshot({ four, six, mac, digest, word, host, url });
    }
  };
}

const SOURCES = [
  "Get-NetAdapter",
  "Get-NetIPAddress",
  "Get-NetRoute",
  "Get-DnsClientServerAddress",
  "Get-DnsClientNrptPolicy",
  "Get-VpnConnection",
  "Get-HnsNetwork",
  "registry",
  "resolve",
  "reach",
  "qzsource",
];
const PROPERTIES =
  `Name InterfaceAlias InterfaceDescription DriverDescription MacAddress IPAddress Address addresses
  server servers DestinationPrefix NextHop ServerAddresses NameServers Namespace SuffixSearchList DnsSuffix ServerAddress
  ID AutoConfigURL version kernel windows Path Value error Comment qzproperty`.split(/\s+/);

/** Every property in every source, with every form of the secret. */
function snapshot(forms: Readonly<Record<string, string>>): unknown {
  const row = Object.fromEntries(
    PROPERTIES.map((property) => [property, [...Object.values(forms), { value: forms, Count: 1 }]]),
  );
  const sources = Object.fromEntries(SOURCES.map((source) => [source, [row]]));
  const texts = { wslconfig: `[wsl2]\nkernel=C:\\\\Users\\\\qzuser\\\\qzkernel\n${forms.word}=1` };
  return {
    schema: "wsl-trace.host/1",
    collectedAt: forms.word,
    languageMode: forms.word,
    sources: { ...sources, ...texts, "Get-NetNat": { error: forms.word } },
    qzkey: forms.word,
  };
}

function kindIn(body: unknown): unknown {
  return Object(body).kind;
}

/** A value for each option of each union in it, each text seeded. */
function variants(schema: unknown, seed: (kind: TextKind) => unknown): readonly unknown[] {
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return variants(schema.def.innerType, seed);
  }
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodEnum) return schema.options.slice(0, 1);
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option: unknown) => variants(option, seed));
  }
  if (schema instanceof z.ZodArray) return [variants(schema.element, seed)];
  if (schema instanceof z.ZodBoolean) return [true];
  if (schema instanceof z.ZodNumber) return [1];
  if (schema instanceof z.ZodRecord) {
    return [{ [String(seed("id"))]: variants(schema.valueType, seed)[0] }];
  }
  if (schema instanceof z.ZodObject) return objects(schema.shape, seed);
  return [seed(schema instanceof z.ZodType ? kindOf(schema) : "text")];
}

/** As many objects as the field with the most variants has. */
function objects(
  shape: Readonly<Record<string, unknown>>,
  seed: (kind: TextKind) => unknown,
): readonly unknown[] {
  const fields = Object.entries(shape).map(([key, of]) => [key, variants(of, seed)] as const);
  const most = Math.max(1, ...fields.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, n) =>
    Object.fromEntries(fields.map(([key, values]) => [key, values[n % values.length]])),
  );
}
