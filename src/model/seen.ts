// An event's content with the id by which evidence names it.

/** An event's content with the id by which evidence names it. */
export type Seen<T> = T & { readonly id: string };
