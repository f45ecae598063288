// One reader of what changes, for several who ask: each is told of every change once.

import type { NetworkState } from "./network-state.ts";

type Read = (signal: AbortSignal) => Promise<NetworkState | null>;

/**
 * @param read null where it has nothing new
 * @returns what makes a reader for one who asks: null where there is nothing that this one was not told
 */
export function shareReader(read: Read): () => Read {
  let state: NetworkState = {};
  let version = 0;
  let reading: Promise<void> | null = null;
  const refresh = async (signal: AbortSignal) => {
    const found = await read(signal);
    if (found === null) return;
    state = { ...state, ...found };
    version += 1;
  };
  return () => {
    let told = 0;
    return async (signal) => {
      // Who asks while it is read waits for that.
      reading ??= refresh(signal).finally(() => {
        reading = null;
      });
      await reading;
      if (told === version) return null;
      told = version;
      return state;
    };
  };
}
