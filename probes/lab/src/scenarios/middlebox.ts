// A box of the provider that gets every connection to the web server's port.

import { filter } from "./building-blocks.ts";

export const MIDDLEBOX_PORT = 8443;
export const BOX_GETS_TLS = filter(
  ...(["internet", "redirect"] as const),
  `iifname "home0" tcp dport 443 redirect to :${MIDDLEBOX_PORT}`,
);
