// Get-Service: the services of Windows that networking depends on.

import { type Fields, field, NO_NAME, textOf } from "../values.ts";

/** A row of Get-Service. */
export interface ServiceRow {
  readonly name: string;
  /** ServiceControllerStatus: 4 is Running. */
  readonly running: boolean | null;
  readonly startType: string | null;
}

const SERVICE_RUNNING = "4";

export function serviceRow(fields: Fields): ServiceRow | string {
  const name = textOf(field(fields, "Name", "ServiceName"));
  if (name === null) return NO_NAME;
  const status = textOf(field(fields, "Status", "State"))?.toLowerCase() ?? null;
  return {
    name,
    running: status === null ? null : status === "running" || status === SERVICE_RUNNING,
    startType: textOf(field(fields, "StartType")),
  };
}
