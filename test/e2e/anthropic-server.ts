import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepWaiting } from '../harness/provider-server';

/**
 * The Messages API on loopback, written from its published description. The row of the call table a request
 * belongs to is in its model, and decides the answer; everything received is kept as it came.
 */
export interface AnthropicServer {
  url: string;
  /** What came since the last call of this, in an order that does not depend on timing. */
  takeRequests(): ReceivedRequest[];
  close(): Promise<void>;
}

export interface ReceivedRequest {
  row: string;
  method: string;
  path: string;
  /** Names and values as they were on the wire, in their order. */
  headers: string[];
  body: string;
}

type Json = Record<string, unknown>;

export async function startAnthropicServer(): Promise<AnthropicServer> {
  let requests: ReceivedRequest[] = [];
  let attempts: Record<string, number> = {};
  const waiting = keepWaiting();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const row = rowOf(request, body);
      if (waiting.takes(request.url ?? '', response)) return;
      waiting.tell(row);
      const { method = '', url: path = '', rawHeaders: headers } = request;
      // Whether a request that the clock gives up on has arrived by then is a matter of luck.
      if (row !== 'timeout') requests.push({ row, method, path, headers, body });
      attempts[row] = (attempts[row] ?? 0) + 1;
      response.sendDate = false;
      answer(response, request.url ?? '', row, attempts[row], body ? (JSON.parse(body) as Json) : {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    takeRequests() {
      const taken = requests;
      requests = [];
      attempts = {};
      waiting.clear();
      return taken.sort((a, b) => (a.row < b.row ? -1 : a.row > b.row ? 1 : 0));
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function rowOf({ url }: IncomingMessage, body: string): string {
  return /"model":"claude-row-([\w-]+)"/.exec(body)?.[1] ?? `${url}`;
}

function answer(response: ServerResponse, path: string, row: string, attempt: number, body: Json): unknown {
  const name = row.replace(/^(beta|helper)-/, '');
  if (path.startsWith('/v1/messages/count_tokens')) {
    return json(response, row, 200, { input_tokens: 5 });
  }
  if (path.startsWith('/v1/messages/batches'))
    return json(response, row, 200, { id: 'b1', type: 'message_batch' });
  switch (name) {
    case 'timeout':
    case 'aborted':
      return undefined;
    case 'rate-limited':
    case 'rejected':
    case 'stream-rejected':
    case 'thread-rejected':
      return error(response, row, 429, 'rate_limit_error');
    case 'invalid':
      return error(response, row, 400, 'invalid_request_error');
    case 'unreadable':
      response.writeHead(500, { 'content-type': 'text/html' });
      return response.end('<html>SECRET</html>');
    case 'not-json':
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end('{"id": "msg_1", ');
    case 'retries':
    case 'retries-stream':
      if (attempt === 1) return error(response, row, 529, 'overloaded_error');
      if (attempt === 2) return error(response, row, 429, 'rate_limit_error');
  }
  if (path.startsWith('/v1/complete')) return completion(response, row, body);
  const message = messageFor(row, body);
  if (!body.stream) return json(response, row, 200, message);
  return streamed(response, row, name, message);
}

function json(response: ServerResponse, row: string, status: number, body: Json): unknown {
  response.writeHead(status, {
    'content-type': 'application/json',
    'request-id': `req_${row}`,
    // A retry after a few milliseconds keeps the tests quick.
    ...(status >= 400 && { 'retry-after-ms': '3' }),
  });
  return response.end(JSON.stringify(body));
}

function error(response: ServerResponse, row: string, status: number, type: string): unknown {
  return json(response, row, status, {
    type: 'error',
    error: { type, message: `ANSWER error ${row}` },
    request_id: `req_${row}`,
  });
}

const usage = {
  input_tokens: 10,
  cache_creation_input_tokens: 3,
  cache_read_input_tokens: 4,
  cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 0 },
  output_tokens: 7,
  server_tool_use: null as Json | null,
  service_tier: 'standard',
};

function messageFor(row: string, body: Json): Json {
  const answersTool = JSON.stringify(body.messages).includes('"tool_result"');
  const text = { type: 'text', text: `ANSWER ${row} é✓`, citations: null };
  const message = (content: Json[], stop = 'end_turn', more: Json = {}): Json => ({
    id: `msg_${row}`,
    type: 'message',
    role: 'assistant',
    model: `claude-answered-${row}`,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: { ...usage },
    ...more,
  });
  const use = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'ANSWER Paris' } };
  if (/^(tool|runner)/.test(row)) return answersTool ? message([text]) : message([text, use], 'tool_use');
  if (row.startsWith('thinking')) {
    return message([
      { type: 'thinking', thinking: 'ANSWER let me see', signature: 'ANSWERsig==' },
      { type: 'redacted_thinking', data: 'ANSWERenc==' },
      text,
    ]);
  }
  if (row.startsWith('web-search')) {
    const id = 'srvtoolu_1';
    const found = {
      type: 'web_search_result',
      url: 'https://example.test/ANSWER',
      title: 'ANSWER title',
      encrypted_content: 'ANSWERenc',
      page_age: null,
    };
    const citation = {
      type: 'web_search_result_location',
      cited_text: 'ANSWER cited',
      url: 'https://example.test/ANSWER',
      title: 'ANSWER title',
      encrypted_index: 'x',
    };
    return message(
      [
        { type: 'server_tool_use', id, name: 'web_search', input: { query: 'ANSWER query' } },
        { type: 'web_search_tool_result', tool_use_id: id, content: [found] },
        { ...text, citations: [citation] },
      ],
      'end_turn',
      { usage: { ...usage, server_tool_use: { web_search_requests: 1 } } },
    );
  }
  if (row === 'beta-mcp') {
    const id = 'mcptoolu_1';
    return message([
      { type: 'mcp_tool_use', id, name: 'ask_kb', server_name: 'kb', input: { q: 'ANSWER q' } },
      {
        type: 'mcp_tool_result',
        tool_use_id: id,
        is_error: false,
        content: [{ type: 'text', text: 'ANSWER kb' }],
      },
      text,
    ]);
  }
  if (row === 'beta-container') {
    return message([{ type: 'brand_new_block', secret: 'ANSWER new' }, text], 'pause_turn', {
      container: { id: 'container_1', expires_at: '2026-01-01T00:00:00Z' },
    });
  }
  return message([text]);
}

/** The message as the events of a stream: each text in two halves, tool input in pieces of JSON. */
function eventsOf(message: Json): Json[] {
  const content = message.content as Json[];
  const events: Json[] = [
    {
      type: 'message_start',
      message: {
        ...message,
        content: [],
        stop_reason: null,
        usage: { ...(message.usage as Json), output_tokens: 1, server_tool_use: null },
      },
    },
  ];
  content.forEach((block, index) => {
    const delta = (delta: Json) => events.push({ type: 'content_block_delta', index, delta });
    const start = (content_block: Json) => events.push({ type: 'content_block_start', index, content_block });
    if (block.type === 'text') {
      const text = block.text as string;
      start({ type: 'text', text: '' });
      if (index === 0) events.push({ type: 'ping' });
      delta({ type: 'text_delta', text: text.slice(0, 4) });
      delta({ type: 'text_delta', text: text.slice(4) });
      for (const citation of (block.citations as Json[] | null) ?? []) {
        delta({ type: 'citations_delta', citation });
      }
    } else if (block.type === 'thinking') {
      start({ type: 'thinking', thinking: '', signature: '' });
      delta({ type: 'thinking_delta', thinking: 'ANSWER let ' });
      delta({ type: 'thinking_delta', thinking: 'me see' });
      delta({ type: 'signature_delta', signature: block.signature });
    } else if (block.input) {
      start({ ...block, input: {} });
      const input = JSON.stringify(block.input);
      delta({ type: 'input_json_delta', partial_json: '' });
      delta({ type: 'input_json_delta', partial_json: input.slice(0, 9) });
      delta({ type: 'input_json_delta', partial_json: input.slice(9) });
    } else {
      start(block);
    }
    events.push({ type: 'content_block_stop', index });
  });
  events.push({
    type: 'message_delta',
    delta: { stop_reason: message.stop_reason, stop_sequence: null },
    usage: {
      output_tokens: 7,
      input_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      server_tool_use: (message.usage as Json).server_tool_use,
    },
  });
  events.push({ type: 'message_stop' });
  return events;
}

function streamed(response: ServerResponse, row: string, name: string, message: Json): unknown {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': `req_${row}` });
  const send = (events: Json[]) =>
    response.write(
      events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
    );
  const events = eventsOf(message);
  const untilFirstDelta = events.slice(0, events.findIndex(({ type }) => type === 'content_block_delta') + 1);
  switch (name.replace(/^stream-/, '')) {
    case 'break':
    case 'abort':
    case 'signal':
    case 'throw':
      // Held open: only the app ends it.
      return send(untilFirstDelta);
    case 'error': {
      const problem = { type: 'error', error: { type: 'overloaded_error', message: 'ANSWER overloaded' } };
      send([...untilFirstDelta, problem]);
      return response.end();
    }
    case 'cut':
      send(untilFirstDelta);
      return setImmediate(() => response.destroy());
    case 'events-unknown':
      events.splice(2, 0, {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'brand_new_delta', x: 'ANSWER' },
      });
      break;
  }
  send(events);
  return response.end();
}

function completion(response: ServerResponse, row: string, body: Json): unknown {
  const answer = {
    type: 'completion',
    id: `compl_${row}`,
    model: `claude-answered-${row}`,
    stop: null,
    log_id: 'l1',
  };
  if (!body.stream) {
    return json(response, row, 200, { ...answer, completion: ' ANSWER hello', stop_reason: 'stop_sequence' });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': `req_${row}` });
  const pieces = [
    { ...answer, completion: ' ANSWER', stop_reason: null },
    { ...answer, completion: ' hello', stop_reason: 'stop_sequence' },
  ];
  for (const piece of pieces) response.write(`event: completion\ndata: ${JSON.stringify(piece)}\n\n`);
  return response.end();
}
