// The parts of a request that a proxy is sent.

/** "host:443", an IPv6 address in brackets (RFC 9110 s.7.2). */
export function authority({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): string {
  return `${uriHost(host)}:${port}`;
}

/** An IPv6 address in brackets (RFC 3986 s.3.2.2). */
export function uriHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** CONNECT (RFC 9110 s.9.3.6), as text. @param credentials name and password for the proxy itself, null for none */
export function connectRequest(
  target: { readonly host: string; readonly port: number },
  userAgent: string,
  credentials: string | null,
): string {
  const name = authority(target);
  const own = [`User-Agent: ${userAgent}`, ...authorization(credentials)];
  return [`CONNECT ${name} HTTP/1.1`, `Host: ${name}`, ...own, "", ""].join("\r\n");
}

/** What stands in place of a status line where there is none. */
export const NOT_HTTP = "answered, not in HTTP";

/** The header with the name and password of the variable's URL; it goes to that proxy alone and into no event. */
export function authorization(credentials: string | null): readonly string[] {
  if (credentials === null) return [];
  return [`Proxy-Authorization: Basic ${Buffer.from(credentials).toString("base64")}`];
}
