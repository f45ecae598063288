// The parts of a request that a proxy is sent.

/** "host:443", an IPv6 address in brackets (RFC 9110 s.7.2). */
export function authority({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The header with the name and password of the variable's URL; it goes to that proxy alone and into no event. */
export function authorization(credentials: string | null): readonly string[] {
  if (credentials === null) return [];
  return [`Proxy-Authorization: Basic ${Buffer.from(credentials).toString("base64")}`];
}
