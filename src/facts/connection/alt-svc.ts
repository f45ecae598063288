// The Alt-Svc field of HTTP: at which port of the same host HTTP/3 is offered (RFC 7838 s.3).

const MAX_PORT = 65535;

/** The UDP port of the first `h3` alternative on the same host; null when none is offered. */
export function http3Port(value: string): number | null {
  const offers = value.matchAll(/(?:^|[,;\s])h3\s*=\s*"([^"]*)"/g);
  for (const [, authority = ""] of offers) {
    // An alternative on another host is no evidence about this one.
    const port = /^:(\d{1,5})$/.exec(authority)?.[1];
    const number = port === undefined ? 0 : Number(port);
    if (number >= 1 && number <= MAX_PORT) return number;
  }
  return null;
}
