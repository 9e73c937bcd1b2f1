import type { Attributes, AttributeValue } from '@opentelemetry/api';

interface Part {
  type?: string;
  content?: unknown;
  id?: string;
  name?: string;
  arguments?: unknown;
  response?: unknown;
}
interface Message {
  role?: string;
  parts?: Part[];
  finish_reason?: string;
}

/** What the OpenTelemetry operation is called in the older `llm.request.type`. */
const REQUEST_TYPE: Record<string, string> = {
  chat: 'chat',
  generate_content: 'chat',
  text_completion: 'completion',
  embeddings: 'embedding',
  rerank: 'rerank',
};

/** What the platform draws a span as. */
const LOG_TYPE: Record<string, string> = {
  chat: 'chat',
  generate_content: 'chat',
  text_completion: 'text',
  embeddings: 'embedding',
  speech: 'speech',
  transcription: 'transcription',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  invoke_workflow: 'workflow',
};

/** The aliases for a span's attributes; empty where it is no GenAI span. */
export function aliasesOf(attributes: Attributes): Attributes {
  const aliases: Attributes = {};
  const put = (name: string, value: AttributeValue | undefined) => {
    if (value !== undefined) aliases[name] = value;
  };
  const operation = attributes['gen_ai.operation.name'];
  if (attributes['traceloop.span.kind'] !== undefined) put('respan.entity.log_method', 'ts_tracing');
  if (operation === undefined) return aliases;

  put('gen_ai.system', attributes['gen_ai.provider.name']);
  put('llm.request.type', REQUEST_TYPE[String(operation)]);
  put('respan.entity.log_type', LOG_TYPE[String(operation)]);
  put('respan.entity.log_method', 'ts_tracing');
  const input = attributes['gen_ai.usage.input_tokens'];
  const output = attributes['gen_ai.usage.output_tokens'];
  put('gen_ai.usage.prompt_tokens', input);
  put('gen_ai.usage.completion_tokens', output);
  if (typeof input === 'number' || typeof output === 'number') {
    const total = Number(input ?? 0) + Number(output ?? 0);
    put('gen_ai.usage.total_tokens', total);
    put('llm.usage.total_tokens', total);
  }
  put('gen_ai.usage.cache_read_input_tokens', attributes['gen_ai.usage.cache_read.input_tokens']);
  put('gen_ai.usage.cache_creation_input_tokens', attributes['gen_ai.usage.cache_write.input_tokens']);
  put('gen_ai.usage.reasoning_tokens', attributes['gen_ai.usage.reasoning.output_tokens']);
  put('llm.is_streaming', attributes['gen_ai.request.stream']);

  const system = textOf(parseObjects<Part>(attributes['gen_ai.system_instructions']));
  const prompts = parseObjects<Message>(attributes['gen_ai.input.messages']);
  putMessages(
    'gen_ai.prompt',
    system ? [{ role: 'system', parts: [{ type: 'text', content: system }] }, ...prompts] : prompts,
    put,
  );
  putMessages('gen_ai.completion', parseObjects<Message>(attributes['gen_ai.output.messages']), put);
  return aliases;
}

function putMessages(
  prefix: string,
  messages: Message[],
  put: (name: string, value: AttributeValue | undefined) => void,
): void {
  messages.forEach((message, i) => {
    const parts = objectsOf<Part>(message.parts);
    put(`${prefix}.${i}.role`, message.role);
    put(`${prefix}.${i}.content`, textOf(parts));
    put(`${prefix}.${i}.finish_reason`, message.finish_reason);
    const answered = parts.find(({ type }) => type === 'tool_call_response');
    put(`${prefix}.${i}.tool_call_id`, answered?.id);
    parts
      .filter(({ type }) => type === 'tool_call')
      .forEach((call, j) => {
        put(`${prefix}.${i}.tool_calls.${j}.id`, call.id);
        put(`${prefix}.${i}.tool_calls.${j}.name`, call.name);
        put(`${prefix}.${i}.tool_calls.${j}.arguments`, asText(call.arguments));
      });
  });
}

/** Plain text where a message is only text, JSON of its parts where it is more. */
function textOf(parts: Part[]): string | undefined {
  const shown = parts.filter(({ type }) => type !== 'tool_call' && type !== 'reasoning');
  if (shown.length === 0) return undefined;
  if (shown.every(({ type }) => type === 'text'))
    return shown.map(({ content }) => asText(content)).join('\n');
  const [only] = shown;
  if (shown.length === 1 && only?.type === 'tool_call_response') return asText(only.response);
  return JSON.stringify(shown);
}

function asText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The objects of a list in JSON; spans that are not ours may carry anything under these names. */
function parseObjects<T extends object>(value: AttributeValue | undefined): T[] {
  if (typeof value !== 'string') return [];
  try {
    return objectsOf<T>(JSON.parse(value));
  } catch {
    return [];
  }
}

function objectsOf<T extends object>(value: unknown): T[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is T => typeof item === 'object' && item !== null);
}
