// How name servers, and the age of a snapshot, stand in sentences of several areas.

interface Report {
  readonly server: string;
  readonly reported: string;
}

/** "192.0.2.53 gives no answer; 192.0.2.54 refuses". */
export function formatReports(servers: readonly Report[]): string {
  return servers.map(({ server, reported }) => `${server} ${reported}`).join("; ");
}

/** "; the snapshot is 5 hours older than this run", or nothing. */
export function formatAge(age: string | null): string {
  return age === null ? "" : `; the snapshot is ${age} older than this run`;
}
