// The three functions of the Reflect metadata proposal that @peculiar/x509's container asks for when
// it is loaded; import it before that package.

const stores = new WeakMap<object, Map<unknown, unknown>>();

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const store = stores.get(target) ?? new Map<unknown, unknown>();
  stores.set(target, store.set(key, value));
}

function getOwnMetadata(key: unknown, target: object): unknown {
  return stores.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  const own = getOwnMetadata(key, target);
  const parent: unknown = Object.getPrototypeOf(target);
  return own === undefined && typeof parent === "function" ? getMetadata(key, parent) : own;
}

if (!("getMetadata" in Reflect)) {
  Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata });
}
