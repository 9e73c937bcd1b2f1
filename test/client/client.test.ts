import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { respan, testing } from './package';

const { getClient, propagateAttributes, task, withTask, withWorkflow } = respan;
const client = getClient();
const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
const spans = testing.traceInMemory();
beforeEach(() => {
  said.mockClear();
  spans.reset();
});
afterAll(() => spans.stop());

const finished = () => spans.getFinishedSpans();
const saidLines = () => said.mock.calls.map(([text]) => String(text));

describe('the client', () => {
  it('tells of the span in progress', () => {
    expect(client.getCurrentTraceId()).toBeUndefined();
    withTask({ name: 'work' }, () => {
      expect(client.getCurrentTraceId()).toMatch(/^[0-9a-f]{32}$/);
      expect(client.getCurrentSpanId()).toMatch(/^[0-9a-f]{16}$/);
      expect(client.isRecording()).toBe(true);
    });
    const [span] = finished();
    expect(span?.instrumentationScope).toEqual({ name: 'respan', version: respan.version });
  });

  it('changes it', () => {
    withTask({ name: 'work' }, () => {
      client.updateCurrentSpan({
        name: 'renamed',
        attributes: { 'custom.number': 1, 'custom.list': ['a'] },
        status: 'ERROR',
        statusDescription: 'because',
        respanParams: {
          customerIdentifier: 'me',
          customer_email: 'me@example.com',
          traceGroupIdentifier: 'group',
          metadata: { plan: 'pro', size: 3, nested: { a: 1 } },
          prompt: { promptId: 'p' },
        },
      });
      client.addEvent('began', { count: 1 });
    });
    const [span] = finished();
    expect(span).toMatchObject({
      name: 'renamed',
      status: { code: 2, message: 'because' },
      attributes: {
        'custom.number': 1,
        'custom.list': ['a'],
        'respan.customer_params.customer_identifier': 'me',
        'respan.customer_params.email': 'me@example.com',
        'respan.trace.trace_group_identifier': 'group',
        'respan.metadata.plan': 'pro',
        'respan.metadata.size': '3',
        'respan.metadata.nested': '{"a":1}',
        'respan.prompt': '{"promptId":"p"}',
      },
    });
    expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([['began', { count: 1 }]]);
  });

  it('says once of a parameter it does not know, and takes the others', () => {
    withTask({ name: 'work' }, () => {
      for (let i = 0; i < 2; i++) {
        client.updateCurrentSpan({ respanParams: { userId: 'x', threadIdentifier: 't' } as object });
      }
    });
    expect(finished()[0]?.attributes['respan.threads.thread_identifier']).toBe('t');
    expect(saidLines()).toEqual([
      'respan: there is no Respan parameter "userId"; metadata takes whatever has no name of its own\n',
    ]);
  });

  it('records an exception, which goes on', () => {
    const error = new TypeError('bad');
    expect(() =>
      withWorkflow({ name: 'work' }, () => {
        try {
          throw error;
        } catch (caught) {
          client.recordException(caught, { step: 2 });
          throw caught;
        }
      }),
    ).toThrow(error);
    expect(finished()[0]).toMatchObject({ status: { code: 2, message: 'bad' }, attributes: { step: 2 } });
  });

  it('never throws, whatever it is given', () => {
    withTask({ name: 'work' }, () => {
      client.updateCurrentSpan(undefined as never);
      client.updateCurrentSpan({ name: 5, attributes: null, status: 'FINE', respanParams: 'x' } as never);
      client.addEvent(undefined as never);
      client.recordException(undefined);
      client.getSpanBuffer(undefined as never, (buffer) => buffer.createSpan(undefined as never));
    });
    expect(finished().length).toBeGreaterThan(0);
    expect(saidLines()).toContainEqual('respan: updateCurrentSpan: status is OK or ERROR, not "FINE"\n');
  });

  it('keeps values of the app’s in the context', async () => {
    await withWorkflow({ name: 'work' }, async () => {
      expect(client.setContextValue('tenant', 'a')).toBe(true);
      await null;
      expect(client.getContextValue('tenant')).toBe('a');
      await withTask({ name: 'inside' }, async () => {
        expect(client.getContextValue('tenant')).toBe('a');
        client.setContextValue('tenant', 'b');
        expect(client.getContextValue('tenant')).toBe('b');
      });
      expect(client.getContextValue('tenant')).toBe('a');
    });
    expect(client.getContextValue('tenant')).toBeUndefined();
  });

  it('propagates attributes, merging nested ones', async () => {
    await propagateAttributes({ customerIdentifier: 'outer', metadata: { a: 1, b: 1 } }, async () => {
      await null;
      await propagateAttributes({ customerIdentifier: 'inner', metadata: { b: 2 } }, () =>
        withTask({ name: 'inside' }, async () => client.getTracer().startSpan('hand').end()),
      );
      withTask({ name: 'outside' }, () => {});
    });
    const shown = finished().map(({ name, attributes }) => [
      name,
      attributes['respan.customer_params.customer_identifier'],
      attributes['respan.metadata.a'],
      attributes['respan.metadata.b'],
    ]);
    expect(shown).toEqual([
      ['hand', 'inner', '1', '2'],
      ['inside.task', 'inner', '1', '2'],
      ['outside.task', 'outer', '1', '1'],
    ]);
  });
});

describe('processors', () => {
  const memory = (name?: string, more = {}) => {
    const exporter = new testing.InMemorySpanExporter();
    spans.telemetry.addProcessor({ exporter, name, isBatchingEnabled: false, ...more });
    return () => exporter.getFinishedSpans().map((span) => span.name);
  };
  const run = (processors: string | string[] | undefined, name: string) =>
    withTask({ name, processors }, () => {});

  it('get what names them, and filters come on top', () => {
    const debug = memory('debug');
    const picky = memory('debug', { filter: (span: { name: string }) => span.name.startsWith('slow') });
    const all = memory();
    run(undefined, 'plain');
    run('debug', 'fast');
    run(['debug', 'default'], 'slow both');
    expect(debug()).toEqual(['fast.task', 'slow both.task']);
    expect(picky()).toEqual(['slow both.task']);
    expect(all()).toEqual(['plain.task', 'fast.task', 'slow both.task']);
    expect(finished().map(({ name }) => name)).toEqual(['plain.task', 'slow both.task']);
  });

  it('children go where their parent goes, unless they say otherwise', () => {
    const debug = memory('debug');
    withWorkflow({ name: 'whole', processors: 'debug' }, () => {
      withTask({ name: 'inherits' }, () => {});
      client.getTracer().startSpan('by hand').end();
      run('default', 'elsewhere');
    });
    client.getTracer().startActiveSpan('hand', { attributes: { 'respan.processors': 'debug' } }, (span) => {
      withTask({ name: 'below a span by hand' }, () => {});
      span.end();
    });
    expect(debug()).toEqual([
      'inherits.task',
      'by hand',
      'whole.workflow',
      'below a span by hand.task',
      'hand',
    ]);
    expect(finished().map(({ name }) => name)).toEqual(['elsewhere.task']);
  });

  it('do not disturb each other, and what fails is said once', async () => {
    class BrokenExporter {
      export(): void {
        throw new Error('broken');
      }
      async shutdown() {}
      forceFlush() {
        return Promise.reject(new Error('no flush'));
      }
    }
    spans.telemetry.addProcessor({ exporter: new BrokenExporter(), isBatchingEnabled: false });
    spans.telemetry.addProcessor({
      processor: {
        onStart() {
          throw new Error('start');
        },
        onEnd() {
          throw new Error('end');
        },
      },
    });
    const fine = memory();
    run(undefined, 'a');
    run(undefined, 'b');
    await client.flush();
    expect(fine()).toEqual(['a.task', 'b.task']);
    expect(saidLines().filter((line) => line.includes('broken'))).toEqual([
      'respan: the BrokenExporter failed: broken\n',
    ]);
  });

  it('take span processors of OpenTelemetry, with the names of SDK 1', () => {
    const started: string[] = [];
    const ended: unknown[] = [];
    spans.telemetry.addProcessor({
      processor: {
        onStart: (span) => void started.push(span.name),
        onEnd(span) {
          const old = span as unknown as { parentSpanId?: string; instrumentationLibrary: { name: string } };
          ended.push([span.name, typeof old.parentSpanId, old.instrumentationLibrary.name]);
        },
      },
    });
    withWorkflow({ name: 'whole' }, () => run(undefined, 'part'));
    expect(started).toEqual(['whole.workflow', 'part.task']);
    expect(ended).toEqual([
      ['part.task', 'string', 'respan'],
      ['whole.workflow', 'undefined', 'respan'],
    ]);
  });

  it('refuse what is none', () => {
    spans.telemetry.addProcessor({ name: 'nothing' });
    spans.telemetry.addProcessor(undefined as never);
    expect(saidLines()).toEqual([
      'respan: addProcessor takes { exporter } or { processor }; there is none, so nothing is added\n',
    ]);
  });

  it('exportFilter decides about the span itself', () => {
    const filtered = (value: number) =>
      withTask(
        {
          name: `score ${value}`,
          exportFilter: { 'custom.score': { operator: 'gte', value: 5 }, status_code: { value: 'UNSET' } },
        },
        () => client.updateCurrentSpan({ attributes: { 'custom.score': value } }),
      );
    filtered(3);
    filtered(7);
    expect(finished().map(({ name }) => name)).toEqual(['score 7.task']);
  });
});

describe('span buffers', () => {
  it('keep back whatever starts inside, and nothing else', async () => {
    const add = task({ name: 'add' }, async (a: number, b: number) => a + b);
    const buffer = await client.getSpanBuffer('trace-123', async (open) => {
      open.createSpan('recorded', { score: 0.9 });
      await add(1, 2);
      client.getTracer().startActiveSpan('by hand', (span) => {
        open.createSpan('below');
        span.end();
      });
      await Promise.all([add(3, 4), withWorkflow({ name: 'whole' }, () => add(5, 6))]);
      return open;
    });
    await add(7, 8);
    expect(finished().map(({ name }) => name)).toEqual(['add.task']);
    expect(buffer.getAllSpans().map(({ name }) => name)).toEqual([
      'recorded',
      'add.task',
      'below',
      'by hand',
      'add.task',
      'add.task',
      'whole.workflow',
    ]);
    expect(buffer.getSpanCount()).toBe(7);
    const ids = new Set(buffer.getAllSpans().map((span) => span.spanContext().traceId));
    expect([...ids]).toEqual([buffer.traceId]);
    const below = buffer.getAllSpans()[2]!;
    expect(below.parentSpanContext?.spanId).toBe(buffer.getAllSpans()[3]?.spanContext().spanId);

    spans.reset();
    await expect(client.processSpans(buffer)).resolves.toBe(true);
    expect(finished()).toHaveLength(7);
    await expect(client.processSpans(buffer.getAllSpans().slice(0, 2))).resolves.toBe(true);
    expect(finished()).toHaveLength(9);
    buffer.clearSpans();
    expect(buffer.getAllSpans()).toEqual([]);
    buffer.createSpan('afterwards');
    expect(buffer.getSpanCount()).toBe(1);
  });

  it('take a trace id as it is, and make the same one of the same name', () => {
    const id = 'ABCDEF0123456789abcdef0123456789';
    expect(client.getSpanBuffer(id).traceId).toBe(id.toLowerCase());
    expect(client.getSpanBuffer('name').traceId).toBe(client.getSpanBuffer('name').traceId);
    expect(client.getSpanBuffer('name').traceId).not.toBe(client.getSpanBuffer('other').traceId);
    expect(client.getSpanBuffer('0'.repeat(32)).traceId).not.toBe('0'.repeat(32));
    const span = client.getSpanBuffer('name').createSpan('x');
    expect(span.attributes['respan.span_buffer.id']).toBe('name');
  });

  it('take times, kind, status and parent of work that was done before', () => {
    const buffer = client.getSpanBuffer('past');
    const parent = buffer.createSpan('parent', {}, { startTime: new Date(1_000), endTime: new Date(3_500) });
    buffer.createSpan(
      'child',
      { a: 1 },
      { parent, kind: 'CLIENT', status: 'ERROR', statusDescription: 'no' },
    );
    buffer.createSpan('kind', {}, 3);
    const [, child, kind] = buffer.getAllSpans();
    expect(parent).toMatchObject({
      startTime: [1, 0],
      endTime: [3, 500_000_000],
      duration: [2, 500_000_000],
    });
    expect(child).toMatchObject({ kind: 2, status: { code: 2, message: 'no' }, attributes: { a: 1 } });
    expect(child?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(kind?.kind).toBe(3);
  });

  it('nested: the inner one takes what starts in it', () => {
    const [outer, inner] = client.getSpanBuffer('outer', (first) => {
      withTask({ name: 'one' }, () => {});
      const second = client.getSpanBuffer('inner', (open) => {
        withTask({ name: 'two' }, () => {});
        return open;
      });
      withTask({ name: 'three' }, () => {});
      return [first, second];
    });
    expect(outer.getAllSpans().map(({ name }) => name)).toEqual(['one.task', 'three.task']);
    expect(inner.getAllSpans().map(({ name }) => name)).toEqual(['two.task']);
  });

  it('link the span around them, whose trace is another one', () => {
    let around = '';
    const buffer = withWorkflow({ name: 'around' }, () => {
      around = client.getCurrentSpanId()!;
      return client.getSpanBuffer('apart', (open) => {
        withTask({ name: 'inside' }, () => {});
        return open;
      });
    });
    const [span] = buffer.getAllSpans();
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.links.map(({ context }) => context.spanId)).toEqual([around]);
    expect(finished().map(({ name }) => name)).toEqual(['around.workflow']);
  });

  it('by declaration, as `using` does it: open until the end of the block', async () => {
    const buffer = client.getSpanBuffer('block');
    withTask({ name: 'not yet' }, () => {});
    const dispose = buffer[Symbol.dispose];
    await null;
    withTask({ name: 'inside' }, () => {});
    dispose();
    withTask({ name: 'after' }, () => {});
    expect(buffer.getAllSpans().map(({ name }) => name)).toEqual(['inside.task']);
    expect(finished().map(({ name }) => name)).toEqual(['not yet.task', 'after.task']);
  });

  it('processSpans takes spans and nothing else', async () => {
    await expect(client.processSpans('x' as never)).resolves.toBe(false);
    await expect(client.processSpans([{}] as never)).resolves.toBe(false);
    await expect(client.processSpans([])).resolves.toBe(true);
    expect(saidLines()).toEqual(['respan: processSpans takes a span buffer or a list of spans\n']);
  });
});

describe('1,000 requests at once, each with a buffer, propagated attributes and nested entities', () => {
  it('puts no span into the wrong buffer, trace or parent', async () => {
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 5));
    const leaf = task({ name: 'leaf' }, async (request: number) => {
      await pause();
      return client.getTracer().startActiveSpan('by hand', async (span) => {
        await pause();
        span.setAttribute('request', request);
        span.end();
        return request;
      });
    });
    const request = async (id: number) =>
      propagateAttributes({ customerIdentifier: `c${id}` }, () =>
        client.getSpanBuffer(`request-${id}`, async (buffer) => {
          await withWorkflow({ name: `flow ${id}` }, async () => {
            await Promise.all([leaf(id), leaf(id)]);
            await pause();
          });
          return buffer;
        }),
      );
    const outside = (id: number) => withTask({ name: `outside ${id}` }, pause);
    const results = await Promise.all(
      Array.from({ length: 1_000 }, async (_, id) => {
        const [buffer] = await Promise.all([request(id), outside(id)]);
        return buffer;
      }),
    );
    for (const [id, buffer] of results.entries()) {
      const all = buffer.getAllSpans();
      const byId = new Map(all.map((span) => [span.spanContext().spanId, span]));
      expect(all.map(({ name }) => name).sort()).toEqual([
        'by hand',
        'by hand',
        `flow ${id}.workflow`,
        'leaf.task',
        'leaf.task',
      ]);
      for (const span of all) {
        expect(span.spanContext().traceId).toBe(buffer.traceId);
        expect(span.attributes['respan.customer_params.customer_identifier']).toBe(`c${id}`);
        const parent = byId.get(span.parentSpanContext?.spanId ?? '')?.name;
        if (span.name === 'by hand') expect([parent, span.attributes.request]).toEqual(['leaf.task', id]);
        else expect(parent).toBe(span.name === 'leaf.task' ? `flow ${id}.workflow` : undefined);
      }
    }
    expect(finished()).toHaveLength(1_000);
    for (const span of finished()) expect(span.attributes).not.toHaveProperty('respan.span_buffer.id');
  });
});
