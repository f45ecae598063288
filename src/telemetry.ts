// What a run is to a collector: spans, figures and one log record, as data that knows nothing of how it is sent.

type AttributeValue = string | number | boolean | readonly string[];

/** By OpenTelemetry's rules: dotted names, and none where a value is not known. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface SpanEventData {
  readonly name: string;
  /** Since the run began, as all times here. */
  readonly atMs: number;
  readonly attributes: Attributes;
}

export interface SpanData {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEventData[];
  /** What went wrong in it; null: nothing did. */
  readonly error: string | null;
}

export interface Figure {
  readonly name: string;
  /** "count" adds up over runs, "level" is as it is now, "spread" is one of many values whose distribution matters. */
  readonly kind: "count" | "level" | "spread";
  /** As UCUM has it: "s", "By", "1", "{run}". */
  readonly unit: string;
  readonly description: string;
  readonly value: number;
  readonly attributes: Attributes;
}

export interface LogData {
  readonly severity: "info" | "warn" | "error";
  readonly body: string;
  readonly attributes: Attributes;
}

/** One run. */
export interface Telemetry {
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** The whole run; all other spans are its children. */
  readonly root: SpanData;
  readonly spans: readonly SpanData[];
  readonly figures: readonly Figure[];
  readonly log: LogData;
}
