export type Names = Record<string, unknown>;

/**
 * The functions of a module that can be replaced by assignment: in its own scope and in what it exports, whichever
 * of them the module and those who require it look at. Where a name is in neither as something that can be written
 * to (a constant behind a getter), assigning to it throws.
 */
export function replaceable(names: readonly string[], scope: Names, exports?: Names): Names {
  const view: Names = {};
  for (const name of names) {
    const get = () => scope[name] ?? exports?.[name];
    Object.defineProperty(view, name, {
      configurable: true,
      enumerable: true,
      get,
      set(value: unknown) {
        const original = get();
        // First: what is exported may be a getter for what is in scope.
        const inScope = scope[name] !== undefined && write(scope, name, value);
        const exported = exports !== undefined && exports[name] === original && write(exports, name, value);
        if (!inScope && !exported) throw new Error(`${name} cannot be replaced`);
      },
    });
  }
  return view;
}

function write(target: Names, name: string, value: unknown): boolean {
  const own = Object.getOwnPropertyDescriptor(target, name);
  if (own && !own.set && !own.writable) return false;
  try {
    target[name] = value;
  } catch {
    // A `const` of the module.
  }
  return target[name] === value;
}
