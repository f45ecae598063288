// Bytes of a Windows program to text: byte order mark, UTF-16, UTF-8, else the OEM code page.

import { OEM_UPPER_HALVES } from "./oem-code-pages.ts";

/** TextDecoder's labels of code pages, by number (WHATWG Encoding Standard; Windows' numbers). */
const LABELS: Readonly<Record<number, string>> = {
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  1250: "windows-1250",
  1251: "windows-1251",
  1252: "windows-1252",
  1253: "windows-1253",
  1254: "windows-1254",
  1255: "windows-1255",
  1256: "windows-1256",
  1257: "windows-1257",
  1258: "windows-1258",
  54936: "gb18030",
  65001: "utf-8",
};

/** The OEM code page of English Windows, for when nothing states which one is in use. */
const USUAL_PAGE = 437;

/**
 * Never throws: what fits nothing becomes U+FFFD. In this order: a byte order mark; every second byte
 * NUL, as wsl.exe writes (UTF-16 without a mark); valid UTF-8, as netsh writes on some machines; the
 * code page. NULs and carriage returns are dropped.
 * @param codePage what chcp.com prints, null when it is not known
 */
export function decodeOutput(bytes: Uint8Array, codePage: number | null): string {
  return withEncoding(bytes, codePage)
    .replace(/^\uFEFF/, "")
    .replace(/[\0\r]/g, "");
}

function withEncoding(bytes: Uint8Array, codePage: number | null): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decode("utf-16le", bytes);
  if (first === 0xfe && second === 0xff) return decode("utf-16be", bytes);
  if (nulShare(bytes, 1) > MOSTLY) return decode("utf-16le", bytes);
  if (nulShare(bytes, 0) > MOSTLY) return decode("utf-16be", bytes);
  return strictUtf8(bytes) ?? oem(bytes, codePage ?? USUAL_PAGE);
}

/** In UTF-16 text of labels and numbers most high bytes are 0, even where names are Chinese. */
const MOSTLY = 0.3;
const SAMPLE_BYTES = 4096;

/** How many of the bytes at even (0) or odd (1) offsets are NUL. */
function nulShare(bytes: Uint8Array, offset: 0 | 1): number {
  const sample = bytes.subarray(0, SAMPLE_BYTES).filter((_, index) => index % 2 === offset);
  return sample.length === 0 ? 0 : sample.filter((byte) => byte === 0).length / sample.length;
}

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function oem(bytes: Uint8Array, codePage: number): string {
  const label = LABELS[codePage];
  if (label !== undefined) return decode(label, bytes);
  const euro = codePage === EURO_850;
  const upper = OEM_UPPER_HALVES[euro ? PAGE_850 : codePage] ?? OEM_UPPER_HALVES[USUAL_PAGE] ?? "";
  return [...bytes]
    .map((byte) => {
      if (byte < UPPER_HALF) return String.fromCharCode(byte);
      return euro && byte === EURO_BYTE ? "\u20ac" : (upper[byte - UPPER_HALF] ?? "\uFFFD");
    })
    .join("");
}

const UPPER_HALF = 0x80;
const PAGE_850 = 850;
const EURO_850 = 858;
const EURO_BYTE = 0xd5;

/** A Node without its full ICU data lacks some of the pages. */
function decode(label: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
