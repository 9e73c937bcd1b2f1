import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { safely } from '../config/safely';
import type { SpanStep } from './pipeline';

const steps = new Set<SpanStep>();
const done = new WeakSet<ReadableSpan>();

/** Adds a step that runs once for each span right before its first export: off the app's own path. */
export function beforeExport(step: SpanStep): void {
  steps.add(step);
}

export function runExportSteps(spans: readonly ReadableSpan[]): void {
  for (const span of spans) {
    if (done.has(span)) continue;
    done.add(span);
    for (const step of steps) safely('a span step', () => step(span));
  }
}
