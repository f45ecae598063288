// What PowerShell wrote to standard error: plain text, or the error texts out of its CLIXML.

/**
 * Under -EncodedCommand PowerShell wraps errors and progress in CLIXML, behind a line "#< CLIXML", also when all
 * went well ([MS-PSRP] 2.2.5 has the format). Progress records show nothing and are dropped.
 */
export function errorText(stderr: string): string {
  if (!stderr.includes(MARK)) return stderr.trim();
  const plain = stderr
    .split("\n")
    .filter((line) => !line.trimStart().startsWith(MARK) && !line.trimStart().startsWith("<Objs"))
    .join("\n");
  const errors = [...stderr.matchAll(/<S S="Error">([^<]*)<\/S>/g)].map(([, text = ""]) =>
    unescaped(text),
  );
  return `${plain}\n${errors.join("")}`.trim();
}

const MARK = "#< CLIXML";

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

/** XML's entities, then PowerShell's _x000D_ (a UTF-16 unit in hex). */
function unescaped(text: string): string {
  return text
    .replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .replaceAll("\r", "");
}
