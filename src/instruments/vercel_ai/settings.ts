import { attributesOfParams, RESPAN_PARAMS } from '../../telemetry/respan-params';
import { asDict, asString, type Dict } from '../genai/read';

/** `experimental_telemetry`, which is called `telemetry` from 7 on. */
export interface TelemetrySettings {
  /** Only where it is switched off: telemetry that nobody asked for is ours all the same. */
  isOff: boolean;
  inputs: boolean;
  outputs: boolean;
  functionId: string | undefined;
  metadata: Dict;
}

export function telemetrySettings({
  telemetry,
  experimental_telemetry,
  runtimeContext,
}: Dict): TelemetrySettings {
  const given = asDict(telemetry ?? experimental_telemetry) ?? {};
  return {
    isOff: given.isEnabled === false,
    inputs: given.recordInputs !== false,
    outputs: given.recordOutputs !== false,
    functionId: asString(given.functionId) || undefined,
    metadata: { ...included(runtimeContext, given.includeRuntimeContext), ...asDict(given.metadata) },
  };
}

/** From 7 on metadata is what the app lets through of its runtime context. */
function included(runtimeContext: unknown, include: unknown): Dict {
  const names = asDict(include) ?? {};
  return Object.fromEntries(
    Object.entries(asDict(runtimeContext) ?? {}).filter(([name]) => names[name] === true),
  );
}

/** What identifies somebody or something for Respan has an attribute of its own, also among metadata. */
const IDENTIFIERS = new Set(RESPAN_PARAMS.filter((name) => /_(identifier|email|name)$/.test(name)));

export function metadataAttributes(given: Dict): ReturnType<typeof attributesOfParams> {
  const params: Dict = {};
  const metadata: Dict = {};
  for (const [name, value] of Object.entries(given)) {
    (IDENTIFIERS.has(name) ? params : metadata)[name] = value;
  }
  return attributesOfParams({ ...params, metadata });
}
