import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../genai/read';
import type { ModelRequest, Operation, ToolDefinition } from '../genai/types';
import { toMessage } from './messages';

/** `ls_provider`, as LangChain's models call themselves for LangSmith, by the well-known provider names. */
const PROVIDERS: Record<string, string> = {
  azure: 'azure.ai.openai',
  amazon_bedrock: 'aws.bedrock',
  bedrock: 'aws.bedrock',
  google_genai: 'gcp.gemini',
  google_vertexai: 'gcp.vertex_ai',
  google: 'gcp.gen_ai',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  xai: 'x_ai',
  ibm: 'ibm.watsonx.ai',
  watsonx: 'ibm.watsonx.ai',
  together: 'together_ai',
  togetherai: 'together_ai',
  fireworks: 'fireworks_ai',
  moonshot: 'moonshot_ai',
};

/**
 * The neutral request of a chat model's call: from what the model tells LangSmith about itself (`getLsParams`, which
 * LangChain asks for in every call), from its fields, and from the options of the call.
 */
export function chatRequest(model: unknown, messages: unknown, options: unknown): ModelRequest {
  return {
    ...modelRequest('chat', model, options),
    messages: (asArray(messages) ?? []).map(toMessage),
    tools: asDicts(asDict(options)?.tools).map(toolDefinition),
  };
}

export function completionRequest(model: unknown, prompts: unknown, options: unknown): ModelRequest {
  return {
    ...modelRequest('text_completion', model, options),
    messages: (asStrings(prompts) ?? []).map(toMessage),
  };
}

function modelRequest(operation: Operation, of: unknown, given: unknown): ModelRequest {
  const model = asDict(of) ?? {};
  const options = asDict(given) ?? {};
  const told = lsParams(model, options);
  const number = (...values: unknown[]) => values.map(asNumber).find((value) => value !== undefined);
  return {
    operation,
    provider: providerOf(told, model),
    model: asString(told.ls_model_name) ?? asString(options.model) ?? modelName(model),
    temperature: number(told.ls_temperature, options.temperature, model.temperature),
    maxTokens: number(told.ls_max_tokens, options.maxTokens, model.maxTokens),
    topP: number(options.topP, model.topP),
    topK: number(options.topK, model.topK),
    frequencyPenalty: number(model.frequencyPenalty),
    presencePenalty: number(model.presencePenalty),
    seed: number(options.seed, model.seed),
    stopSequences: asStrings(options.stop) ?? asStrings(told.ls_stop),
  };
}

function lsParams(model: Dict, options: Dict): Dict {
  const { getLsParams } = model;
  if (typeof getLsParams !== 'function') return {};
  return asDict(getLsParams.call(model, options)) ?? {};
}

function providerOf(told: Dict, model: Dict): string {
  const { _llmType: type } = model;
  const name = asString(told.ls_provider) ?? (typeof type === 'function' ? asString(type.call(model)) : '');
  const provider = (name || 'langchain').toLowerCase();
  return PROVIDERS[provider] ?? provider;
}

const modelName = ({ model, modelName: name, modelId }: Dict): string | undefined =>
  asString(model) ?? asString(name) ?? asString(modelId);

/** Tools as they go to the provider, whose shapes differ, or LangChain's own. */
function toolDefinition(tool: Dict): ToolDefinition {
  const called = asDict(tool.function) ?? asDict(asDict(tool.toolSpec)) ?? tool;
  const type = asString(tool.type) ?? 'function';
  const parameters =
    called.parameters ?? called.input_schema ?? called.inputSchema ?? called.parametersJsonSchema;
  const name = asString(called.name);
  const description = asString(called.description);
  return {
    type,
    ...(name && { name }),
    ...(description && { description }),
    ...(parameters !== undefined && { parameters }),
  };
}
