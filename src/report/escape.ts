// Makes text from the network or from Windows safe for a terminal: what cannot be seen is written out.

/**
 * C0, DEL and C1 controls; format characters, bidi overrides and other invisible code points;
 * lone surrogates; line and paragraph separators. Newlines too: one value stays on one line.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

// The last code point that fits \xNN.
const LAST_BYTE = 0xff;

/** Longer values are nothing that anybody reads; a file may hold megabytes. */
const MAX_CHARS = 8192;
const NOTE_CHARS = 40;

/** The text with every invisible or terminal-driving character as \xNN or \u{...}, and no longer than a page; idempotent. */
export function printable(text: string): string {
  const shown = text.slice(0, MAX_CHARS + 1).replace(INVISIBLE, visibleForm);
  if (shown.length <= MAX_CHARS) return shown;
  return `${shown.slice(0, MAX_CHARS - NOTE_CHARS)}... (${text.length} characters)`;
}

function visibleForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code <= LAST_BYTE ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
