// A promise that is settled from outside: for what several may wait for and one brings about.

export interface Deferred {
  readonly promise: Promise<void>;
  /** More than once is fine. */
  fire(): void;
}

export function createDeferred(): Deferred {
  let fire: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { promise, fire };
}
