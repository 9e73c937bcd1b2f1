import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { Config } from '../config/resolve';

/**
 * Everything, unless OTEL_TRACES_SAMPLER says otherwise: what the app's own tracing decided for a request
 * (an unsampled `traceparent`) must not cost the model calls made in it.
 */
export function createSampler({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: Config['otel']): Sampler {
  const ratio = () => new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG ?? 1);
  switch (OTEL_TRACES_SAMPLER) {
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return ratio();
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: ratio() });
    default:
      return new AlwaysOnSampler();
  }
}

/** Nothing while `isEnabled` says no. */
export function whileEnabled(sampler: Sampler, isEnabled: () => boolean): Sampler {
  return {
    shouldSample: (...args) =>
      isEnabled() ? sampler.shouldSample(...args) : { decision: SamplingDecision.NOT_RECORD },
    toString: () => sampler.toString(),
  };
}
