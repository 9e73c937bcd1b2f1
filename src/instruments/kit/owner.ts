/** The prototype, of those `object` inherits from, that has `method` as its own. */
export function ownerOf(object: unknown, method: string): object | undefined {
  let holder = object;
  while (typeof holder === 'object' && holder !== null) {
    if (Object.hasOwn(holder, method)) return holder;
    holder = Object.getPrototypeOf(holder) as unknown;
  }
  return undefined;
}
