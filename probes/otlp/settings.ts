// Whether and how a run is sent to a collector: --otlp, and OpenTelemetry's own variables, whose rest the SDK reads itself.

import { TraceError } from "../../src/errors.ts";

export const SIGNALS = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof SIGNALS)[number];

const PROTOCOLS = ["http/protobuf", "grpc"] as const;
type Protocol = (typeof PROTOCOLS)[number];

export interface SignalSettings {
  readonly protocol: Protocol;
  /** Of --otlp, for this signal; null: the SDK takes it from the variables. */
  readonly url: string | null;
}

export interface OtlpSettings {
  /** As a user may read it: what names the collector, without what logs in to it. */
  readonly endpoint: string;
  /** The variable that switched it on; null: --otlp did. */
  readonly variable: string | null;
  readonly signals: Readonly<Partial<Record<Signal, SignalSettings>>>;
  /** How long one request may take, milliseconds. */
  readonly timeoutMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
/** The specification has 10 s, which is long where the network is what is broken. */
const TIMEOUT_MS = 4000;
const LONGEST_MS = 30_000;

/**
 * Null where nothing is to be sent: off unless asked for, and off where OTEL_SDK_DISABLED is true.
 * @param url of --otlp
 * @throws TraceError where the address or the protocol is none that can be used
 */
export function otlpSettings(url: string | null, env: Env): OtlpSettings | null {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true") return null;
  const wanted = SIGNALS.filter((signal) => isWanted(signal, url, env));
  const [first] = wanted;
  if (first === undefined) return null;
  const variable = url === null ? variableOf(first, env) : null;
  const endpoint = checked(url ?? env[variable ?? ""] ?? "", variable ?? "--otlp");
  return {
    endpoint: withoutLogin(endpoint),
    variable,
    signals: Object.fromEntries(wanted.map((signal) => [signal, signalOf(signal, url, env)])),
    timeoutMs: timeoutOf(env),
  };
}

/** The signal's own address comes before the one of all (OpenTelemetry's exporter specification). */
function variableOf(signal: Signal, env: Env): string | null {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`;
  return [own, ENDPOINT].find((name) => isSet(env[name])) ?? null;
}

function isWanted(signal: Signal, url: string | null, env: Env): boolean {
  const exporters = env[`OTEL_${signal.toUpperCase()}_EXPORTER`];
  if (isSet(exporters) && !exporters.split(",").some((one) => one.trim() === "otlp")) return false;
  return url !== null || variableOf(signal, env) !== null;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}

function signalOf(signal: Signal, url: string | null, env: Env): SignalSettings {
  const protocol = protocolOf(signal, env);
  if (url === null) return { protocol, url: null };
  return { protocol, url: protocol === "grpc" ? url : withPath(url, `v1/${signal}`) };
}

function withPath(url: string, path: string): string {
  return `${url.replace(/\/+$/, "")}/${path}`;
}

function protocolOf(signal: Signal, env: Env): Protocol {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`;
  const name = isSet(env[own]) ? own : "OTEL_EXPORTER_OTLP_PROTOCOL";
  const value = env[name]?.trim();
  if (!isSet(value)) return PROTOCOLS[0];
  const known = PROTOCOLS.find((one) => one === value);
  if (known !== undefined) return known;
  throw new TraceError("otlp-protocol", `${name} is "${value}"`, {
    advice: `set it to ${PROTOCOLS.join(" or ")}`,
  });
}

/** gRPC takes an address without a scheme, too. */
function checked(text: string, name: string): string {
  const url = text.includes("://") ? text : `https://${text}`;
  if (URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol)) return text;
  throw new TraceError(
    "otlp-endpoint",
    `${name} is "${text}", which is no address of a collector`,
    {
      advice: "give one such as http://localhost:4318",
    },
  );
}

function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/]*@/, "//");
}

function timeoutOf(env: Env): number {
  const typed = Number(env.OTEL_EXPORTER_OTLP_TIMEOUT ?? "");
  return typed > 0 ? Math.min(typed, LONGEST_MS) : TIMEOUT_MS;
}
