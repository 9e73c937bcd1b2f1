/**
 * A server whose exporter knows for which request a span was made: what it asks AsyncLocalStorage is answered as in the
 * code that ended the span, because each span is exported as it ends.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { getClient, type ReadableSpan, RespanTelemetry, type SpanExporter } from 'respan';

interface RequestContext {
  orgId: string;
  userId: string;
  experimentId: string;
}

const requestContext = new AsyncLocalStorage<RequestContext>();

class BackendExporter implements SpanExporter {
  export(spans: ReadableSpan[]) {
    const context = requestContext.getStore();
    for (const { name, attributes } of spans) this.#sendToBackend({ name, attributes, ...context });
  }

  /** Stands for a database or a queue. */
  #sendToBackend(span: object) {
    console.log(JSON.stringify(span));
  }
}

// At start-up. The exporter takes the place of the default destinations.
new RespanTelemetry({
  appName: 'backend',
  exporter: new BackendExporter(),
  isBatchingEnabled: false,
  instruments: [],
});

// For each request.
function handleApiRequest(context: RequestContext) {
  return requestContext.run(context, () =>
    getClient()
      .getTracer()
      .startActiveSpan('api_request', async (span) => {
        span.setAttribute('request.user', context.userId);
        await setTimeout(5);
        span.end();
        return `done for ${context.userId}`;
      }),
  );
}

await Promise.all(
  ['ada', 'grace', 'edsger'].map((userId) =>
    handleApiRequest({ orgId: 'org-1', userId, experimentId: `experiment of ${userId}` }),
  ),
);
