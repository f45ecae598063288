// Compares text with a file beside the tests; UPDATE=1 writes the file, and its diff is read in review.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { env } from "node:process";
import { expect } from "vitest";

/** `file` is written with a newline at its end that `text` may lack. */
export async function expectGolden(text: string, file: URL): Promise<void> {
  const written = text.endsWith("\n") ? text : `${text}\n`;
  // biome-ignore lint/style/noProcessEnv: the one switch that rewrites golden files.
  if (env.UPDATE === "1") {
    await mkdir(new URL(".", file), { recursive: true });
    await writeFile(file, written);
  }
  expect(written).toBe(await readFile(file, "utf8"));
}
