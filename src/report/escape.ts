// Makes text from the network or from Windows safe for a terminal: what cannot be seen is written out.

/**
 * C0, DEL and C1 controls; format characters, bidi overrides and other invisible code points;
 * lone surrogates; line and paragraph separators. Newlines too: one value stays on one line.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

// The last code point that fits \xNN.
const LAST_BYTE = 0xff;

/** The text with every invisible or terminal-driving character as \xNN or \u{...}; idempotent. */
export function printable(text: string): string {
  return text.replace(INVISIBLE, visibleForm);
}

function visibleForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code <= LAST_BYTE ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
