import { type InstrumentationConfig, InstrumentationBase as Upstream } from '@opentelemetry/instrumentation';
import { unwrapAs, wrapAs } from './wrapped';

export * from '@opentelemetry/instrumentation';
export { satisfies } from '@opentelemetry/instrumentation/build/src/semver';
export { guarded } from './guarded';
export { isWrapped, lookLike, lookLikeExports, wholly } from './wrapped';

type Functions = Record<PropertyKey, unknown>;
type Wrapper = (original: unknown, name: string) => unknown;

/**
 * What every bundled instrumentation extends instead of OpenTelemetry's class: it hooks no modules by itself, since our
 * loader does, and it wraps so that nobody is disturbed. OpenTelemetry's own way takes off the wrapper of whoever came before,
 * such as the app's SDK, and loses the name and length of what it wraps.
 */
export abstract class InstrumentationBase<
  ConfigType extends InstrumentationConfig = InstrumentationConfig,
> extends Upstream<ConfigType> {
  // The types are those of OpenTelemetry's functions, which know the methods of what they wrap.
  protected override _wrap = ((target: Functions, name: string, wrapper: Wrapper) =>
    wrapAs(this, target, name, wrapper)) as unknown as Upstream['_wrap'];

  protected override _unwrap = ((target: Functions, name: string) =>
    unwrapAs(this, target, name)) as unknown as Upstream['_unwrap'];

  protected override _massWrap = ((targets: Functions[] | Functions, names: string[], wrapper: Wrapper) => {
    for (const target of [targets].flat()) for (const name of names) wrapAs(this, target, name, wrapper);
  }) as unknown as Upstream['_massWrap'];

  protected override _massUnwrap = ((targets: Functions[] | Functions, names: string[]) => {
    for (const target of [targets].flat()) for (const name of names) unwrapAs(this, target, name);
  }) as unknown as Upstream['_massUnwrap'];

  override enable(): void {
    (this as unknown as { _enabled: boolean })._enabled = true;
  }
}
