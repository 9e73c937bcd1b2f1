import { providerAt, serverOf } from '../../genai/providers';
import {
  asArray,
  asBoolean,
  asDict,
  asDicts,
  asNumber,
  asString,
  asStrings,
  type Dict,
} from '../../genai/read';
import type { ModelRequest, Operation, Sender, ToolDefinition } from '../../genai/types';
import { contentMessages, contentParts, withoutBytes } from './content';
import { field, modelName } from './fields';

/** `body.model` is put there by whoever knows it: over the wire it is in the URL. */
export function baseRequest(operation: Operation, body: Dict, sender: Sender): ModelRequest {
  const server = serverOf(sender.baseURL);
  return {
    operation,
    provider: providerAt(server, sender.provider ?? 'gcp.gemini'),
    model: modelName(body.model),
    serverAddress: server?.address,
    serverPort: server?.port,
    stream: asBoolean(body.stream) || undefined,
  };
}

export function generateRequest(body: Dict, sender: Sender): ModelRequest {
  const config = asDict(field(body, 'generationConfig'));
  const thinking = asDict(field(config, 'thinkingConfig'));
  return {
    ...baseRequest('generate_content', body, sender),
    temperature: asNumber(config?.temperature),
    topP: asNumber(field(config, 'topP')),
    topK: asNumber(field(config, 'topK')),
    maxTokens: asNumber(field(config, 'maxOutputTokens')),
    frequencyPenalty: asNumber(field(config, 'frequencyPenalty')),
    presencePenalty: asNumber(field(config, 'presencePenalty')),
    seed: asNumber(config?.seed),
    stopSequences: asStrings(field(config, 'stopSequences')),
    choiceCount: asNumber(field(config, 'candidateCount')),
    thinkingBudget: asNumber(field(thinking, 'thinkingBudget')),
    reasoningEffort: asString(field(thinking, 'thinkingLevel'))?.toLowerCase(),
    outputType: outputType(config),
    system: contentParts(field(body, 'systemInstruction')),
    messages: contentMessages(body.contents),
    tools: (asArray(body.tools) ?? []).flatMap(toolDefinitions),
  };
}

const MODALITIES: Record<string, string> = { IMAGE: 'image', AUDIO: 'speech', VIDEO: 'video' };

function outputType(config: Dict | undefined): string | undefined {
  const modalities = (asStrings(field(config, 'responseModalities')) ?? []).map((name) => name.toUpperCase());
  const media = modalities.find((name) => Object.hasOwn(MODALITIES, name));
  if (media) return MODALITIES[media];
  const mime = asString(field(config, 'responseMimeType'));
  if (mime?.includes('json') || field(config, 'responseSchema') || field(config, 'responseJsonSchema'))
    return 'json';
  return mime ? 'text' : undefined;
}

/** One entry may declare many functions, and switch on tools on the provider's side: `{ googleSearch: {} }`. */
function toolDefinitions(value: unknown): ToolDefinition[] {
  return Object.entries(asDict(value) ?? {}).flatMap(([name, settings]): ToolDefinition[] => {
    if (name === 'functionDeclarations' || name === 'function_declarations') {
      return asDicts(settings).map(functionDefinition);
    }
    const known = asDict(settings);
    return known ? [{ ...(withoutBytes(known) as Dict), type: name }] : [];
  });
}

function functionDefinition(declaration: Dict): ToolDefinition {
  return {
    type: 'function',
    name: asString(declaration.name),
    description: asString(declaration.description),
    parameters: declaration.parameters ?? field(declaration, 'parametersJsonSchema'),
  };
}
