// How options of TCP are called, and what is said of switching one off.

export const OPTIONS = {
  timestamps: "TCP timestamps",
  windowScaling: "TCP window scaling",
  sack: "selective acknowledgements",
  ecn: "ECN",
} as const;
type Option = keyof typeof OPTIONS;

/** It was shown to cure. */
export function formatCure(option: Option): string {
  return `Switch ${OPTIONS[option]} off until the next start`;
}

/** It may. */
export function formatCandidate(option: Option): string {
  return `${formatCure(option)}, and try again: it is only a candidate`;
}
