// What `wsl-trace report` needs of this machine beside files.

import { realSystem } from "../../probes/system.ts";
import { systemClock } from "../clock.ts";
import type { ReportDeps } from "../commands/report.ts";
import { copyToClipboard } from "./clipboard.ts";
import { stampedFile } from "./stamped-file.ts";
import type { Wiring } from "./wiring.ts";

export function reportTools({
  own,
  notify,
}: Pick<Wiring, "own" | "notify">): Pick<ReportDeps, "copy" | "newFile" | "notify"> {
  const { stdout, env } = own;
  return {
    copy: (text) => copyToClipboard(text, { system: realSystem, stdout, env }),
    newFile: () => stampedFile(systemClock.date(), "md"),
    notify,
  };
}
