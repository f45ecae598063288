// The lines of what a program of Windows printed, none longer than a program prints.

/** A name of an adapter has 256 characters at most (NDIS), and a row names one. */
const MAX_CHARS = 512;

/** What is longer is cut: patterns over a line may take the square of its length. */
export function linesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.slice(0, MAX_CHARS));
}
