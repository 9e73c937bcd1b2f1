import { expect, it } from 'vitest';
import { DB } from '../../src/instruments/database/attributes';
import { ATTR } from '../../src/instruments/genai/attributes';
import { removeContent } from '../../src/telemetry/content-policy';
import { fakeSpan } from './fake-span';

/** What of our own attributes can hold what the user or the model said. */
const CONTENT: string[] = [
  ATTR.inputMessages,
  ATTR.outputMessages,
  ATTR.systemInstructions,
  ATTR.toolDefinitions,
  ATTR.toolCallArguments,
  ATTR.toolCallResult,
];

it('keeps all of our attributes but those with content', () => {
  const attributes = Object.fromEntries(Object.values(ATTR).map((name) => [name, 'x']));
  const span = fakeSpan({ attributes });
  removeContent(span);
  const kept = Object.values(ATTR).filter((name) => !CONTENT.includes(name));
  expect(Object.keys(span.attributes).sort()).toEqual([...kept].sort());
});

it('keeps all that vector stores tell but texts, filters, ids, documents and metadata', () => {
  const content: string[] = [
    DB.queryText,
    DB.filter,
    DB.ids,
    DB.resultId,
    DB.resultDocument,
    DB.resultMetadata,
  ];
  const names = Object.values(DB).filter((name) => name !== DB.resultEvent);
  const span = fakeSpan({ attributes: Object.fromEntries(names.map((name) => [name, 'x'])) });
  removeContent(span);
  expect(Object.keys(span.attributes).sort()).toEqual(names.filter((name) => !content.includes(name)).sort());
});

it.each([
  'gen_ai.prompt.0.content',
  'weaviate.generate.single_prompt',
  'weaviate.generate.grouped_answer',
  'gen_ai.completion.0.content',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.retrieval.documents',
  'gen_ai.retrieval.query.text',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'llm.input_messages.0.message.content',
  'input.value',
  'db.query.text',
  'db.statement',
  'url.full',
  'url.query',
  'http.url',
  'http.target',
  'http.request.header.x',
  'exception.message',
  'exception.stacktrace',
  'ai.prompt',
  'anything.new',
])('removes %s', (name) => {
  const span = fakeSpan({
    attributes: { [name]: 'x' },
    events: [{ name: 'e', time: [0, 0], attributes: { [name]: 'x', 'exception.type': 'Error' } }],
    links: [{ context: fakeSpan().spanContext(), attributes: { [name]: 'x' } }],
    status: { code: 2, message: 'quotes the prompt' },
  });
  removeContent(span);
  expect(span.attributes).toEqual({});
  expect(span.events[0]?.attributes).toEqual({ 'exception.type': 'Error' });
  expect(span.links[0]?.attributes).toEqual({});
  expect(span.status).toEqual({ code: 2 });
});
