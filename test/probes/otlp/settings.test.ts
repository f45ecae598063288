// When a run is sent, and how: --otlp and the variables of OpenTelemetry's specification.

import { expect, it } from "vitest";
import { otlpSettings } from "../../../probes/otlp/settings.ts";

const URL = "http://collector:4318";

it("nothing is sent unless it is asked for", () => {
  expect(otlpSettings(null, {})).toBeNull();
  expect(otlpSettings(null, { OTEL_EXPORTER_OTLP_ENDPOINT: " " })).toBeNull();
  expect(otlpSettings(null, { OTEL_EXPORTER_OTLP_HEADERS: "a=b" })).toBeNull();
});

it("OTEL_SDK_DISABLED ends it, whoever asked", () => {
  const env = { OTEL_SDK_DISABLED: "TRUE", OTEL_EXPORTER_OTLP_ENDPOINT: URL };
  expect(otlpSettings(URL, env)).toBeNull();
  expect(otlpSettings(URL, { OTEL_SDK_DISABLED: "no" })).not.toBeNull();
});

it("--otlp is the address of all signals, each at its own path over HTTP", () => {
  expect(otlpSettings(`${URL}/base/`, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://other" })).toEqual({
    endpoint: `${URL}/base/`,
    variable: null,
    signals: {
      traces: { protocol: "http/protobuf", url: `${URL}/base/v1/traces` },
      metrics: { protocol: "http/protobuf", url: `${URL}/base/v1/metrics` },
      logs: { protocol: "http/protobuf", url: `${URL}/base/v1/logs` },
    },
    timeoutMs: 4000,
  });
});

it("a protocol may be a signal's own", () => {
  const env = {
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/protobuf",
  };
  const signals = otlpSettings(URL, env)?.signals;
  expect(signals?.traces).toEqual({ protocol: "grpc", url: URL });
  expect(signals?.logs).toEqual({ protocol: "http/protobuf", url: `${URL}/v1/logs` });
});

it("an address of one signal is for that alone, and the login in it is shown to nobody", () => {
  const env = { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://me:secret@collector/in" };
  expect(otlpSettings(null, env)).toMatchObject({
    endpoint: "https://collector/in",
    variable: "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    signals: { logs: { protocol: "http/protobuf", url: null } },
  });
  expect(Object.keys(otlpSettings(null, env)?.signals ?? {})).toEqual(["logs"]);
});

it("a signal that another exporter has, or none, is left out", () => {
  const env = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "console,otlp" };
  expect(Object.keys(otlpSettings(URL, env)?.signals ?? {})).toEqual(["metrics", "logs"]);
});

it("what cannot be used stops the command before its run, with what to type", () => {
  const protocol = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
  expect(() => otlpSettings(URL, protocol)).toThrow(
    'OTEL_EXPORTER_OTLP_PROTOCOL is "http/json"; set it to http/protobuf or grpc',
  );
  expect(() => otlpSettings("ftp://collector", {})).toThrow(/--otlp is "ftp:\/\/collector"/);
  expect(() => otlpSettings("http://", {})).toThrow(/no address of a collector/);
});

it("a request may take as long as the variable says, up to half a minute", () => {
  expect(otlpSettings(URL, { OTEL_EXPORTER_OTLP_TIMEOUT: "900" })?.timeoutMs).toBe(900);
  expect(otlpSettings(URL, { OTEL_EXPORTER_OTLP_TIMEOUT: "x" })?.timeoutMs).toBe(4000);
  expect(otlpSettings(URL, { OTEL_EXPORTER_OTLP_TIMEOUT: "600000" })?.timeoutMs).toBe(30_000);
});
