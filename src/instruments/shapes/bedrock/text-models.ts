import { asArray, asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Message, ModelResponse, StreamAccumulator, Usage, WireOperation } from '../../genai/types';
import { baseRequest } from './base';

/**
 * Models that are given one text and go on with it: Titan, Llama, Mistral, Command, Jurassic, DeepSeek and
 * imported models. Each vendor has names of its own for the same few things.
 */
export const textModels: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => {
    const config = asDict(body.textGenerationConfig) ?? body;
    return {
      ...baseRequest('text_completion', asString(body.modelId), sender),
      temperature: asNumber(config.temperature),
      topP: first(asNumber, config.top_p, config.topP, config.p),
      topK: first(asNumber, config.top_k, config.topK, config.k, config.topKReturn),
      maxTokens: first(
        asNumber,
        config.max_tokens,
        config.max_gen_len,
        config.maxTokenCount,
        config.maxTokens,
      ),
      stopSequences: first(asStrings, config.stop, config.stop_sequences, config.stopSequences),
      choiceCount: first(asNumber, config.num_generations, config.numResults, config.n),
      messages: textMessages('user', first(asString, body.prompt, body.inputText)),
    };
  },
  response: (answer) => {
    const accumulator = new TextAccumulator();
    accumulator.add(answer);
    return accumulator.response();
  },
  accumulator: () => new TextAccumulator(),
};

function first<T>(read: (value: unknown) => T | undefined, ...values: unknown[]): T | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

const textMessages = (role: string, content: string | undefined): Message[] =>
  content === undefined ? [] : [{ role, parts: [{ type: 'text', content }] }];

interface Choice {
  text: string;
  reason?: string;
}

/** A whole answer looks like the only chunk of a stream. */
class TextAccumulator implements StreamAccumulator<unknown> {
  #head: Dict = {};
  #usage: Usage = {};
  readonly #choices: Choice[] = [];

  add(chunk: unknown): void {
    const body = asDict(chunk);
    if (!body) return;
    for (const key of ['id', 'model']) if (body[key]) this.#head[key] = body[key];
    for (const [name, value] of Object.entries(usageOf(body))) {
      if (value !== undefined) this.#usage[name as keyof Usage] = value;
    }
    choicesOf(body).forEach(({ text, reason, index }, position) => {
      const choice = (this.#choices[index ?? position] ??= { text: '' });
      choice.text += text ?? '';
      choice.reason = reason ?? choice.reason;
    });
  }

  response(): ModelResponse {
    const choices = this.#choices.filter(Boolean);
    const hasUsage = Object.keys(this.#usage).length > 0;
    return {
      id: asString(this.#head.id),
      model: asString(this.#head.model),
      finishReasons: choices.map(({ reason }) => reason ?? ''),
      messages: choices
        .filter(({ text, reason }) => text || reason)
        .map(({ text, reason }) => ({
          role: 'assistant',
          parts: [{ type: 'text', content: text }],
          ...(reason && { finish_reason: reason }),
        })),
      ...(hasUsage && { usage: this.#usage }),
    };
  }
}

interface PieceOfChoice {
  text?: string;
  reason?: string;
  index?: number;
}

function choicesOf(body: Dict): PieceOfChoice[] {
  const list = [body.results, body.outputs, body.generations, body.completions, body.choices].find(asArray);
  if (list) return asDicts(list).map(pieceOf);
  const piece = pieceOf(body);
  return piece.text === undefined && piece.reason === undefined ? [] : [piece];
}

function pieceOf(choice: Dict): PieceOfChoice {
  const { outputText, generation, text, data, completionReason, stop_reason, finish_reason, finishReason } =
    choice;
  return {
    text: first(asString, outputText, generation, text, asDict(data)?.text),
    reason: first(asString, completionReason, stop_reason, finish_reason, asDict(finishReason)?.reason),
    index: asNumber(choice.index),
  };
}

function usageOf(body: Dict): Usage {
  const usage = asDict(body.usage);
  const counts = asDicts(body.results).map(({ tokenCount }) => asNumber(tokenCount));
  const ofResults = counts.some((count) => count !== undefined)
    ? counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    : undefined;
  return {
    input: first(asNumber, body.prompt_token_count, body.inputTextTokenCount, usage?.prompt_tokens),
    output:
      first(
        asNumber,
        body.generation_token_count,
        body.totalOutputTextTokenCount,
        usage?.completion_tokens,
      ) ?? ofResults,
  };
}
