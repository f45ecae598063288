// What keys of the live screen reach outside it: the clipboard, and a file for the report.

import { openOutput } from "../../probes/output-file.ts";
import { realSystem } from "../../probes/system.ts";
import { systemClock } from "../clock.ts";
import { printReports } from "../commands/path-output.ts";
import type { PathRequest } from "../commands/path-request.ts";
import { messageOf } from "../errors.ts";
import type { Report } from "../schema/report.ts";
import { copyToClipboard } from "./clipboard.ts";
import { stampedFile } from "./stamped-file.ts";
import type { Wiring } from "./wiring.ts";

interface Asked extends Pick<Wiring, "own"> {
  /** A file is for others to read. */
  readonly redaction: PathRequest["redaction"];
}

/** Each gives a sentence that says what came of it. */
export function createScreenTools({ own, redaction }: Asked) {
  return {
    copy: async (text: string) => {
      const { stdout, env } = own;
      return (await copyToClipboard(text, { system: realSystem, stdout, env })).note;
    },
    planFix: async (report: Report) => (await import("./fix.ts")).planHere(own, report),
    write: async (report: Report) => {
      const reportFile = stampedFile(systemClock.date(), "txt");
      try {
        const request = { reportFile, json: false, quiet: true, redaction };
        const output = openOutput(reportFile);
        await printReports([report], request, { report: output, print: () => undefined });
        output.close();
        return `written to ${reportFile}`;
      } catch (error) {
        return `not written: ${messageOf(error)}`;
      }
    },
  };
}
