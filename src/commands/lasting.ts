// What is left of a stream once some time has passed.

/**
 * @param later settles when it is time
 * @returns the values from the newest one at that time on; null where the stream was over before
 */
export async function fromThenOn<T>(
  values: AsyncIterable<T>,
  later: Promise<unknown>,
): Promise<AsyncIterable<T> | null> {
  const iterator = values[Symbol.asyncIterator]();
  const time = later.then(() => null);
  let newest: readonly T[] = [];
  for (;;) {
    const next = iterator.next();
    const first = await Promise.race([next, time]);
    if (first === null) return continued(newest, next, iterator);
    if (first.done === true) return null;
    newest = [first.value];
  }
}

async function* continued<T>(
  newest: readonly T[],
  awaited: Promise<IteratorResult<T>>,
  iterator: AsyncIterator<T>,
): AsyncGenerator<T> {
  yield* newest;
  for (let next = await awaited; next.done !== true; next = await iterator.next()) {
    yield next.value;
  }
}
