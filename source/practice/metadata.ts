/**
 * Reflect.getMetadata and its siblings, which the dependency container inside @peculiar/x509 asks for when it is
 * imported. That library registers plain classes only, so a map of keys per object along the prototype chain is all
 * of the "reflect-metadata" proposal that is needed here. Import this before @peculiar/x509.
 */
const store = new WeakMap<object, Map<unknown, unknown>>();

const getOwnMetadata = (key: unknown, target: object): unknown => store.get(target)?.get(key);

function getMetadata(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    if (store.get(at)?.has(key)) return getOwnMetadata(key, at);
  }
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = store.get(target) ?? new Map<unknown, unknown>();
  store.set(target, own.set(key, value));
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, {getMetadata, getOwnMetadata, defineMetadata});
