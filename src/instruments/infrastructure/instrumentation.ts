import type {
  InstrumentationModuleDefinition,
  InstrumentationModuleFile,
} from '@opentelemetry/instrumentation';
import { posix } from 'path';
import type { TracerProvider } from '../../telemetry/api';
import { telemetry } from '../../telemetry/telemetry';
import { lookLikeExports, satisfies, wholly } from '../../vendor/instrumentation';
import { defineInstrument, type Instrument, type LoadedModule } from '../kit/define';

/** The part of OpenTelemetry's instrumentations that is used: what they patch, and how. */
interface Instrumentation {
  getModuleDefinitions(): InstrumentationModuleDefinition[];
  setTracerProvider(provider: TracerProvider): void;
}

interface Options {
  /** Where not the plain provider of ours is to be used. */
  provider?(provider: TracerProvider): TracerProvider;
  /** Versions beyond those the instrumentation says it knows, whose patched parts are what they were. */
  alsoVersions?: string;
}

/**
 * Any instrumentation of OpenTelemetry as an instrument of ours: made when its library loads, with our provider, and
 * applied to what our hooks hand over.
 */
export function instrumentation(
  id: string,
  create: () => Instrumentation,
  options: Options = {},
): Instrument {
  let made: InstrumentationModuleDefinition[] | undefined;
  const definitions = () => (made ??= definitionsOf(create(), options));
  return defineInstrument({
    id,
    patchModule: (module) => patchModule(definitions(), module, options),
  });
}

export function definitionsOf(
  made: Instrumentation,
  { provider = (ours) => ours }: Options = {},
): InstrumentationModuleDefinition[] {
  made.setTracerProvider(provider(telemetry().provider));
  return made.getModuleDefinitions();
}

type Part = InstrumentationModuleDefinition | InstrumentationModuleFile;

function patchModule(
  definitions: readonly InstrumentationModuleDefinition[],
  module: LoadedModule,
  { alsoVersions }: Options,
): void {
  const { exports, version, replace, skip } = module;
  const parts = definitions.flatMap((definition) => partsFor(definition, module));
  const fitting = parts.filter(({ supportedVersions }) => {
    const ranges = alsoVersions ? [...supportedVersions, alsoVersions] : supportedVersions;
    return ranges.some((range) => range === '*' || satisfies(version ?? '', range));
  });
  if (fitting.length === 0) {
    // Parts for other versions lie in other files: that is as it should be.
    if (module.path === '.' || parts.length === 0) skip?.(`OpenTelemetry has no instrumentation for it`);
    return;
  }
  wholly(() => {
    const scope = isScope(exports) ? { ...exports } : undefined;
    const given = scope ?? exports;
    let patched: unknown = given;
    for (const part of fitting) {
      part.moduleExports = patched;
      patched = part.patch?.(patched, version) ?? patched;
    }
    if (scope && patched === given) {
      for (const name of Object.keys(scope)) if (scope[name] !== exports[name]) exports[name] = scope[name];
    }
    if (patched === given) return;
    if (!replace) throw new Error('what the module exports cannot be replaced here');
    lookLikeExports(patched, exports);
    replace(patched);
  });
}

/** The names of an ES module in a bundle, which are read and written through it; see CatalogPackage.replacesFunctions. */
function isScope(exports: Record<string, unknown>): boolean {
  const properties = Object.values(Object.getOwnPropertyDescriptors(exports));
  return (
    typeof exports === 'object' &&
    properties.every(({ get }) => get !== undefined) &&
    properties.some(({ set }) => set !== undefined)
  );
}

function partsFor(
  definition: InstrumentationModuleDefinition,
  { package: name, path }: LoadedModule,
): Part[] {
  if (definition.name !== name) return [];
  if (path === '.') return definition.patch ? [definition] : [];
  const wanted = posix.join(name, path);
  return definition.files.filter(
    (file) => file.name.replaceAll('\\', '/').replace(/\.[cm]?js$/, '') === wanted,
  );
}
