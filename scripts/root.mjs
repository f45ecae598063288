// Where the checkout is.

import { fileURLToPath } from "node:url";

/** The absolute path of something in the checkout, "" for the checkout itself. */
export function inCheckout(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
