// "proxy": Windows' Internet settings.

import { booleanOf, type Fields, field, textOf } from "../values.ts";

/** The values of WinINet's Internet Settings key. */
export interface ProxyRow {
  readonly enabled: boolean | null;
  /** ProxyServer: "proxy:8080", or "http=a:1;https=b:2". */
  readonly server: string | null;
  /** ProxyOverride: the names that go past it. */
  readonly override: string | null;
  /** AutoConfigURL: the script that decides (PAC). */
  readonly script: string | null;
}

export function proxyRow(fields: Fields): ProxyRow {
  return {
    enabled: booleanOf(field(fields, "ProxyEnable")),
    server: textOf(field(fields, "ProxyServer")),
    override: textOf(field(fields, "ProxyOverride")),
    script: textOf(field(fields, "AutoConfigURL")),
  };
}
