// How the screen may look: colours for dark and for light terminals, or none.

export const THEMES = ["dark", "light", "none"] as const;
export type Theme = (typeof THEMES)[number];
