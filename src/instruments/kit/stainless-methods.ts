import type { WireOperation } from '../genai/types';
import type { LoadedModule } from './define';
import { type StainlessVendor, stainlessWrapper } from './stainless';
import { patch } from './wrap';

/** Which method of which class, `<path> <class>`, is which operation; asked with the first call. */
export type StainlessMethods = Record<string, Record<string, () => WireOperation>>;

/** A `patchModule` for an SDK that Stainless generates. */
export function stainlessPatch(vendor: StainlessVendor, methods: StainlessMethods) {
  return ({ path, exports }: LoadedModule): void =>
    patch((wrap) => {
      for (const [place, operations] of Object.entries(methods)) {
        const [file, className = ''] = place.split(' ');
        const exported = file === path ? exports[className] : undefined;
        if (typeof exported !== 'function') continue;
        for (const [method, operation] of Object.entries(operations)) {
          wrap(exported.prototype as object, method, stainlessWrapper(vendor, operation));
        }
      }
    });
}
