// Bytes of Windows programs, in every encoding that they come in.

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorText } from "../../../probes/windows/clixml.ts";
import { decodeOutput } from "../../../probes/windows/decode.ts";

const encoded = (text: string, to: string) =>
  execFileSync("iconv", ["-f", "UTF-8", "-t", to], { input: text });

describe("decodeOutput", () => {
  test.each([
    { page: 437, to: "CP437", text: "Büro ñ ░" },
    { page: 850, to: "CP850", text: "Büro Åse ñ" },
    { page: 852, to: "CP852", text: "Pripojenie bezdrôtovej siete ž" },
    { page: 857, to: "CP857", text: "Kablosuz Ağ Bağlantısı" },
    { page: 858, to: "CP858", text: "Büro €" },
    { page: 866, to: "CP866", text: "Беспроводная сеть" },
    { page: 932, to: "SHIFT_JIS", text: "イーサネット" },
    { page: 936, to: "GBK", text: "以太网" },
    { page: 949, to: "EUC-KR", text: "이더넷" },
    { page: 950, to: "BIG5", text: "乙太網路" },
    { page: 1252, to: "CP1252", text: "Réseau" },
    { page: null, to: "UTF-8", text: "以太网" },
    { page: 936, to: "UTF-8", text: "イーサネット 2" },
    { page: 437, to: "UTF-16LE", text: "WSL version: 2.7.10.0\nBüro" },
    { page: 437, to: "UTF-16BE", text: "WSL version: 2.7.10.0" },
    { page: 437, to: "UTF-16", text: "以太网" },
    { page: 99999, to: "CP437", text: "Büro" },
  ])("reads $to with code page $page", ({ page, to, text }) => {
    expect(decodeOutput(encoded(`${text}\r\n`, to), page)).toBe(`${text}\n`);
  });

  test("takes any bytes", () => {
    const page = fc.constantFrom(null, 0, 437, 850, 858, 932, 936, 1252, 65001);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), page, (bytes, codePage) => {
        expect(decodeOutput(bytes, codePage)).not.toMatch(/[\0\r]/);
      }),
    );
  });
});

describe("errorText", () => {
  test("takes the errors out of CLIXML and drops progress", () => {
    const progress = '<Obj S="progress"><MS><PR><AV>Preparing modules.</AV></PR></MS></Obj>';
    const errors = '<S S="Error">x : not &lt;allowed&gt;_x000D__x000A_</S><S S="Error">+ y</S>';
    expect(errorText(`#< CLIXML\r\n<Objs Version="1.1.0.1">${progress}</Objs>`)).toBe("");
    expect(errorText(`#< CLIXML\n<Objs>${progress}${errors}</Objs>`)).toBe(
      "x : not <allowed>\n+ y",
    );
  });

  test("leaves plain text, also before CLIXML", () => {
    expect(errorText(" wsl: a word\n")).toBe("wsl: a word");
    expect(errorText('wsl: a word\n#< CLIXML\n<Objs><S S="Error">z</S></Objs>')).toBe(
      "wsl: a word\nz",
    );
  });
});
