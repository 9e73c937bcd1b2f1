import { asArray, asDict, asDicts, asStrings, type Dict } from '../genai/read';
import type { Message, ModelRequest, ModelResponse, Part, ToolDefinition } from '../genai/types';
import { chat } from '../shapes/openai/chat';
import { samplingOf, taskResponse } from './hosted-operations';
import { nameOfModel } from './model-names';
import { inputParts } from './parts';
import { isGenerating, modalityOfInput, operationOf, outputTypeOf } from './tasks';

const PROVIDER = 'huggingface';

/** The second argument of some tasks. */
const SECOND: Record<string, string> = {
  'question-answering': 'context',
  'document-question-answering': 'question',
};

/** A pipeline is called with what the task is about, and last with its options. */
export function pipelineRequest(task: string, args: unknown[], self: unknown): ModelRequest {
  const options = optionsOf(args);
  const { messages, tools } = inputOf(task, args, options);
  const isChat = messages.some(({ role }) => role !== 'user') || isChatInput(args[0]);
  const operation = isChat ? 'chat' : operationOf(task);
  return {
    operation,
    provider: PROVIDER,
    model: nameOfModel((self as { model?: unknown } | undefined)?.model),
    outputType: outputTypeOf(operation),
    ...(isGenerating(operation) && samplingOf(options)),
    messages,
    tools,
  };
}

function optionsOf(args: unknown[]): Dict {
  const last = args.length > 1 ? args.at(-1) : undefined;
  return asDict(last) ?? {};
}

const isMessage = (value: unknown): boolean => asDict(value)?.role !== undefined;

const isChatInput = (input: unknown): boolean => {
  const [first] = asArray(input) ?? [];
  return isMessage(first) || isMessage(asArray(first)?.[0]);
};

function inputOf(
  task: string,
  [input, second]: unknown[],
  options: Dict,
): { messages: Message[]; tools?: ToolDefinition[] } {
  if (isChatInput(input)) {
    // A batch of chats is a list of lists.
    const { messages = [], tools } = chat.request(
      { messages: (input as unknown[]).flat(), tools: options.tools },
      {},
    );
    return { messages, tools };
  }
  const parts = [...inputParts(input, modalityOfInput(task)), ...secondParts(task, second)];
  return { messages: parts.length > 0 ? [{ role: 'user', parts }] : [] };
}

function secondParts(task: string, second: unknown): Part[] {
  const name = SECOND[task] ?? 'candidate_labels';
  return (asStrings(second) ?? []).map((content) => ({ type: 'text', content, name }));
}

/** A chat is answered with the whole conversation, of which the last message is new. */
export function pipelineResponse(task: string, answer: unknown): ModelResponse {
  const conversations = conversationsOf(answer);
  if (conversations.length === 0) return taskResponse(task, answer);
  return { messages: conversations.flatMap(lastMessage) };
}

function conversationsOf(answer: unknown): unknown[][] {
  return asDicts(asArray(answer)?.flat())
    .map(({ generated_text }) => generated_text)
    .filter((text): text is unknown[] => Array.isArray(text) && isMessage(text[0]));
}

function lastMessage(conversation: unknown[]): Message[] {
  return chat.request({ messages: [conversation.at(-1)] }, {}).messages ?? [];
}

export function generateRequest(args: unknown[], self: unknown): ModelRequest {
  const options = asDict(args[0]) ?? {};
  return {
    operation: 'text_completion',
    provider: PROVIDER,
    model: nameOfModel(self),
    ...samplingOf({ ...options, ...asDict(options.generation_config), ...asDict(args[1]) }),
  };
}
