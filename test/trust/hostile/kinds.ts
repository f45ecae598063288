// What is done to a run, and what of its verdict is right.

export interface Kind {
  readonly name: string;
  readonly what: string;
  /** Who does it: a program of this folder, and its habit. */
  readonly by: "spoofer" | "server" | "names";
  readonly habit: string;
  readonly family: 4 | 6;
  /** A path that loses packets of more than 1300 bytes, in place of one that has no fault. */
  readonly lossy?: boolean;
  /** What the run asks for; a spoofer's is a page over TLS. */
  readonly scheme?: "http" | "https";
  /** Causes of which each fault must be one: what the server truly does. Empty: there is no fault. */
  readonly faults: readonly string[];
}

const SPOOFED: Readonly<Record<string, string>> = {
  expired: "time exceeded",
  unreachable: "destination unreachable, of all codes",
  "too-big": "packet too big, with next-hop MTUs from 0 to 65535",
  reset: "TCP resets from the target's address and port",
  accept: "SYN-ACKs from the target's address and port",
  names: "DNS answers from the name server's address and port",
  echo: "echo replies from the target's address",
};

const spoofed = (family: 4 | 6, lossy: boolean): readonly Kind[] =>
  Object.entries(SPOOFED)
    .filter(([habit]) => habit !== "names" || family === 4)
    .filter(([habit]) => !lossy || habit === "too-big" || habit === "reset")
    .map(([habit, what]) => ({
      name: `${habit}-${family}${lossy ? "-lossy" : ""}`,
      what: `20,000 forged packets over IPv${family}: ${what}${lossy ? "; the path has a black hole" : ""}`,
      by: "spoofer",
      habit,
      family,
      lossy,
      faults: lossy ? ["pmtu-inbound-blackhole", "pmtu-outbound-blackhole"] : [],
    }));

const served = (
  scheme: "http" | "https",
  habit: string,
  what: string,
  faults: readonly string[],
): Kind => ({
  name: `${scheme}-${habit}`,
  what,
  by: "server",
  habit,
  family: 4,
  scheme,
  faults,
});

const named = (habit: string, what: string, faults: readonly string[] = []): Kind => ({
  name: `dns-${habit}`,
  what,
  by: "names",
  habit,
  family: 4,
  faults,
});

export const KINDS: readonly Kind[] = [
  ...spoofed(4, false),
  ...spoofed(6, false),
  ...spoofed(4, true),
  served("http", "status-split", "an HTTP status line split over two segments", []),
  served("http", "byte-by-byte", "an answer byte by byte", []),
  served("http", "endless-headers", "headers without an end", []),
  served("http", "infinite-body", "a body without an end", []),
  served("http", "short-body", "a body that ends before its length", ["transfer-stalls"]),
  served("http", "lying-length", "two lengths, one negative and one of 20 digits", []),
  served("http", "continue-forever", "100 Continue without an end", []),
  served("http", "escapes", "terminal escapes in the status, Server and Location", []),
  served("http", "escapes-alone", "terminal escapes in place of HTTP", []),
  served("http", "garbage", "4000 bytes that are no HTTP", []),
  served("http", "zero-bytes", "an end without an answer", ["connection-closed"]),
  served("http", "reset", "a reset behind the request", ["connection-closed"]),
  served("http", "zero-window", "a window that closes, and silence", ["server-silent"]),
  served("https", "garbage", "4000 bytes that are no TLS", ["tls-not-spoken"]),
  served("https", "escapes-alone", "terminal escapes in place of TLS", ["tls-not-spoken"]),
  served("https", "no-tls", "HTTP in place of TLS", ["tls-not-spoken"]),
  served("https", "lying-record", "a record that is shorter than it says", ["tls-not-spoken"]),
  served("https", "endless-records", "handshake records without an end", ["attempt-failed"]),
  served("https", "endless-alerts", "warnings without an end", ["attempt-failed"]),
  served("https", "empty-records", "empty records without an end", ["attempt-failed"]),
  served("https", "zero-bytes", "an end without an answer", ["connection-closed"]),
  served("https", "reset", "a reset behind the hello", ["connection-closed"]),
  served("https", "zero-window", "a window that closes, and silence", ["server-silent"]),
  named("many-records", "3000 records"),
  // glibc takes the first of these for the answer, so that programs find no address: that is true, and said.
  named("garbage-first", "bytes that are no DNS before the answer", ["libc-resolves-otherwise"]),
  named("escapes-first", "terminal escapes before the answer"),
  named("lying-counts", "a count of 65535 records before the answer", ["libc-resolves-otherwise"]),
  named("loop-first", "a name that points to itself before the answer", [
    "libc-resolves-otherwise",
  ]),
  named("wrong-id-first", "another id before the answer"),
  named("wrong-question-first", "an answer to another question before the answer"),
  named("wrong-port-first", "an answer from another port before the answer"),
  named("doubled", "each answer three times"),
  named("late", "each answer 700 ms late"),
  named("escapes-in-alias", "an alias with terminal escapes"),
  named("garbage-alone", "no DNS at all", ["dns-server-unreachable"]),
];
