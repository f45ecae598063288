// A promise that is settled from outside: for what several may wait for and one brings about.

export interface Deferred<T> {
  readonly promise: Promise<T>;
  /** More than once is fine; the first counts. */
  fire(value: T): void;
}

export function createDeferred<T = void>(): Deferred<T> {
  let fire: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    fire = resolve;
  });
  return { promise, fire };
}
