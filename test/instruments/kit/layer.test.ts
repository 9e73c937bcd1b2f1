import { expect, it } from 'vitest';
import { layerAbove } from '../../../src/instruments/kit/layer';

type Wrapped = ((...args: unknown[]) => string) & {
  __wrapped?: boolean;
  __original?: unknown;
  __unwrap?: () => void;
};

/** As OpenTelemetry's instrumentations wrap: whatever is marked as wrapped is taken off first. */
function wrapAsOpenTelemetry(module: Record<string, Wrapped>, name: string, label: string): void {
  if (module[name]?.__wrapped && module[name].__unwrap) module[name].__unwrap();
  const original = module[name]!;
  const wrapped: Wrapped = (...args) => `${label}(${original(...args)})`;
  wrapped.__original = original;
  wrapped.__wrapped = true;
  wrapped.__unwrap = () => {
    if (module[name] === wrapped) module[name] = original;
  };
  module[name] = wrapped;
}

function above(module: Record<string, Wrapped>): void {
  layerAbove(module, ['go'], (copy) => wrapAsOpenTelemetry(copy as Record<string, Wrapped>, 'go', 'ours'));
}

const plain = () => ({
  go: function go(a: unknown) {
    return `go ${a}`;
  } as Wrapped,
});

it('puts a wrapper above that of the app, and shows the marks of the one below', () => {
  const module: Record<string, Wrapped> = plain();
  wrapAsOpenTelemetry(module, 'go', 'theirs');
  above(module);
  expect(module.go?.(1)).toBe('ours(theirs(go 1))');
  expect(module.go?.__wrapped).toBe(true);
});

it('lets the app take its own wrapper off from below, and put on another', () => {
  const module: Record<string, Wrapped> = plain();
  wrapAsOpenTelemetry(module, 'go', 'theirs');
  above(module);
  module.go?.__unwrap?.();
  expect(module.go?.(1)).toBe('ours(go 1)');
  expect(module.go?.__wrapped).toBeUndefined();
  wrapAsOpenTelemetry(module, 'go', 'their second');
  expect(module.go?.(1)).toBe('their second(ours(go 1))');
});

it('cannot be told from an unwrapped method, nor be taken off', () => {
  const module: Record<string, Wrapped> = plain();
  above(module);
  expect(module.go?.name).toBe('go');
  expect(module.go?.length).toBe(1);
  wrapAsOpenTelemetry(module, 'go', 'theirs');
  expect(module.go?.(1)).toBe('theirs(ours(go 1))');
  module.go?.__unwrap?.();
  expect(module.go?.(1)).toBe('ours(go 1)');
});

it('leaves alone what the patch leaves alone', () => {
  const module: Record<string, Wrapped> = plain();
  const { go } = module;
  layerAbove(module, ['go'], () => {});
  expect(module.go).toBe(go);
});
