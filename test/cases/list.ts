// All reported cases, and what they share: the site's certificate.

import { makeCertificate } from "../lab/independent/certificate.ts";
import type { ServerFiles } from "../lab/independent/server.ts";
import type { Place, ReportedCase } from "./case.ts";
import { NAME_CASES } from "./names.ts";
import { NAME, SITES } from "./places.ts";
import { SIZE_CASES } from "./sizes.ts";
import { WINDOWS_CASES } from "./windows.ts";

/** Makes the answers of the site fill segments. */
const NAMES_IN_CERTIFICATE = 90;

export const CASES: readonly ReportedCase[] = [...SIZE_CASES, ...NAME_CASES, ...WINDOWS_CASES];

export async function siteFiles(folder: Place["folder"]): Promise<ServerFiles> {
  const made = await makeCertificate(NAME, [...SITES], NAMES_IN_CERTIFICATE);
  return {
    key: folder.file("site.key", made.key),
    certificate: folder.file("site.pem", made.certificate),
    ca: folder.file("site-ca.pem", made.ca),
  };
}
