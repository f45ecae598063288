// One counter, as any source of counters gives it.

export type Row = readonly [name: string, value: number];
