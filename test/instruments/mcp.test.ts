import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import { errorFacts } from '../../src/instruments/mcp/error';
import { outputOf, requestFacts, toolFailure } from '../../src/instruments/mcp/message';
import { connectionAttributes, versionInHeaders } from '../../src/instruments/mcp/place';
import { takeTraceContext, withTraceContext } from '../../src/instruments/mcp/trace-context';
import { propagation, ROOT_CONTEXT, trace } from '../../src/telemetry/api';

describe('requests', () => {
  it('are named by their method, and by the tool or prompt they are about', () => {
    expect(requestFacts({ method: 'tools/call', params: { name: 'add', arguments: { a: 1 } } })).toEqual({
      spanName: 'tools/call add',
      attributes: {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'add',
      },
      tool: 'add',
      input: { a: 1 },
    });
    expect(requestFacts({ method: 'prompts/get', params: { name: 'hello', _meta: { a: 1 } } })).toMatchObject(
      {
        spanName: 'prompts/get hello',
        attributes: { 'gen_ai.prompt.name': 'hello' },
        input: { name: 'hello' },
      },
    );
    expect(requestFacts({ method: 'ping' })).toEqual({
      spanName: 'ping',
      attributes: { 'mcp.method.name': 'ping' },
      input: undefined,
    });
    expect(requestFacts({ method: 'resources/read', params: { uri: 'file:///a' } }).attributes).toMatchObject(
      {
        'mcp.resource.uri': 'file:///a',
      },
    );
  });

  it('may be anything', () => {
    for (const params of [undefined, null, 7, 'x', []]) {
      expect(requestFacts({ method: 'tools/call', params }).spanName).toBe('tools/call unknown');
    }
    expect(requestFacts({}).spanName).toBe('unknown');
  });
});

describe('results', () => {
  it('are what a tool says: its structure, its only text, or its parts without their bytes', () => {
    const text = { type: 'text', text: 'sunny' };
    const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' };
    expect(outputOf('tools/call', { content: [text], structuredContent: { sky: 1 } })).toEqual({ sky: 1 });
    expect(outputOf('tools/call', { content: [text] })).toBe('sunny');
    expect(outputOf('tools/call', { content: [text, image] })).toEqual([
      text,
      { type: 'image', bytes: 3, mimeType: 'image/png' },
    ]);
    expect(outputOf('tools/call', { task: { taskId: '1' }, _meta: {} })).toEqual({ task: { taskId: '1' } });
    expect(outputOf('tools/call', undefined)).toBeUndefined();
  });

  it('are the names of what is listed, and nothing where there is nothing to tell', () => {
    expect(outputOf('tools/list', { tools: [{ name: 'a', inputSchema: {} }] })).toEqual({ tools: ['a'] });
    expect(outputOf('resources/list', { resources: [{ uri: 'x' }] })).toEqual({ resources: ['x'] });
    expect(outputOf('ping', {})).toBeUndefined();
  });

  it('say that a tool has failed', () => {
    const failed = { isError: true, content: [{ type: 'text', text: 'no' }, { type: 'image' }] };
    expect(toolFailure('tools/call', failed)).toBe('no');
    expect(toolFailure('tasks/result', failed)).toBe('no');
    expect(toolFailure('tools/call', { content: [] })).toBeUndefined();
    const task = { taskId: '1', status: 'failed', createdAt: 'now' };
    expect(toolFailure('tasks/get', { ...task, statusMessage: 'no' })).toBe('no');
    expect(toolFailure('tools/call', { task })).toBe('');
    expect(toolFailure('tasks/get', { ...task, status: 'working' })).toBeUndefined();
    expect(outputOf('tools/call', { task })).toEqual({ task: { taskId: '1', status: 'failed' } });
  });
});

it('tells errors of the protocol from those of HTTP and from the rest', () => {
  const error = (code: unknown) => Object.assign(new Error('x'), { code });
  expect(errorFacts(error(-32602))).toEqual({
    type: '-32602',
    attributes: { 'rpc.response.status_code': '-32602' },
  });
  expect(errorFacts(error(404))).toEqual({ type: '404', attributes: { 'http.response.status_code': 404 } });
  class SdkError extends Error {
    code = 'REQUEST_TIMEOUT';
  }
  expect(errorFacts(new SdkError())).toEqual({ type: 'REQUEST_TIMEOUT', attributes: {} });
  expect(errorFacts(new TypeError('x'))).toEqual({ type: 'TypeError', attributes: {} });
  expect(errorFacts('text')).toEqual({ type: 'string', attributes: {} });
});

it('knows the transport by its class, also of one that extends it', () => {
  class StdioClientTransport {}
  class Own extends StdioClientTransport {}
  class StreamableHTTPClientTransport {
    sessionId = 's-1';
    _url = new URL('https://example.com/mcp');
  }
  expect(connectionAttributes({}, new Own(), '2025-06-18')).toEqual({
    'network.transport': 'pipe',
    'mcp.protocol.version': '2025-06-18',
  });
  expect(connectionAttributes({}, new StreamableHTTPClientTransport())).toEqual({
    'network.transport': 'tcp',
    'network.protocol.name': 'http',
    'mcp.session.id': 's-1',
    'server.address': 'example.com',
    'server.port': 443,
  });
  expect(connectionAttributes({}, undefined)).toEqual({});
  expect(versionInHeaders({ requestInfo: { headers: { 'mcp-protocol-version': '2025-06-18' } } })).toBe(
    '2025-06-18',
  );
});

describe('the trace context of a message', () => {
  const ours = (added: string, more = {}) => ({
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    tracestate: `respan=${added},other=1`,
    ...more,
  });
  const seen = (params: unknown) => takeTraceContext({ method: 'm', params }, ROOT_CONTEXT).request;

  it('is put into plain objects alone: a copy of another is something else', () => {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const inside = trace.setSpanContext(ROOT_CONTEXT, {
      ...{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
    });
    const sent = (params: unknown) => withTraceContext({ method: 'm', params }, inside);
    for (const params of [undefined, {}, { name: 'x' }, Object.create(null), { _meta: {} }])
      expect(sent(params)).toMatchObject({ params: { _meta: { traceparent: expect.any(String) } } });
    const throwing = {
      get name() {
        throw new Error('of a getter');
      },
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const odd of [
      [],
      new Map(),
      new Date(0),
      new (class {})(),
      throwing,
      revoked.proxy,
      () => {},
      'x',
    ]) {
      expect(sent(odd).params).toBe(odd);
      expect((sent({ _meta: odd }).params as { _meta: unknown })._meta).toBe(odd);
    }
  });

  it('is taken out where it is ours, with all that was made for it', () => {
    expect(seen({ _meta: ours('params') })).toEqual({ method: 'm' });
    expect(seen({ name: 'x', _meta: ours('meta') })).toEqual({ method: 'm', params: { name: 'x' } });
    expect(seen({ _meta: ours('meta') })).toEqual({ method: 'm', params: {} });
    expect(seen({ _meta: ours('names') })).toEqual({ method: 'm', params: { _meta: {} } });
    expect(seen({ _meta: ours('params', { progressToken: 1 }) })).toEqual({
      method: 'm',
      params: { _meta: { progressToken: 1 } },
    });
  });

  it('stays where the app has put it there', () => {
    const own = { ...ours('x'), tracestate: 'other=1' };
    expect(seen({ _meta: own })).toEqual({ method: 'm', params: { _meta: own } });
    expect(seen(undefined)).toEqual({ method: 'm', params: undefined });
  });
});
