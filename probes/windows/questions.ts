// Questions to Windows beside its own configuration: names to resolve, addresses to reach.

export type HostQuestion =
  | { readonly kind: "resolve"; readonly name: string }
  /** A name is also resolved: its addresses are probed. */
  | { readonly kind: "reach"; readonly host: string; readonly port: number };

/**
 * The questions as lines for the collector's standard input. They are data on both sides, never part of a command
 * line or script; what holds anything but the characters of names and addresses is left out.
 */
export function questionLines(questions: readonly HostQuestion[]): readonly string[] {
  return questions.flatMap((question) => {
    if (question.kind === "resolve") {
      return NAME.test(question.name) ? [`resolve ${question.name}`] : [];
    }
    const { host, port } = question;
    return HOST.test(host) ? [`reach ${host} ${port}`] : [];
  });
}

/** The same patterns as in collect.ps1. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/;
const HOST = /^[0-9A-Za-z_:.%-]{1,253}$/;
