import { asDict, asDicts, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, StreamAccumulator, WireOperation } from '../../genai/types';
import { field } from './field';
import { baseRequest, samplingOf, textMessage } from './request';
import { usageOf } from './usage';

/** `/v1/generate`, the API before chat; Bedrock has it for the Command models that are older than R. */
export const generate: WireOperation = {
  spanSuffix: 'completion',
  request: (body, sender) => ({
    ...baseRequest('text_completion', body, sender),
    ...samplingOf(body),
    choiceCount: asNumber(field(body, 'num_generations')),
    messages: textMessage('user', body.prompt),
  }),
  response: (answer) => generateResponse(asDict(answer) ?? {}),
  accumulator: () => new GenerateAccumulator(),
};

/** `/v1/summarize`. */
export const summarize: WireOperation = {
  spanSuffix: 'summarize',
  request: (body, sender) => ({
    ...baseRequest('text_completion', body, sender),
    temperature: asNumber(body.temperature),
    messages: [
      ...textMessage('system', field(body, 'additional_command')),
      ...textMessage('user', body.text),
    ],
  }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return {
      id: asString(body.id),
      messages: textMessage('assistant', body.summary),
      ...usageOf(body.meta),
    };
  },
};

function generateResponse(body: Dict): ModelResponse {
  const generations = asDicts(body.generations);
  const reasons = generations.map((generation) => asString(field(generation, 'finish_reason')) ?? '');
  return {
    id: asString(body.id),
    finishReasons: reasons,
    messages: generations.flatMap(({ text }, index) => textMessage('assistant', text, reasons[index])),
    ...usageOf(body.meta),
  };
}

/** Texts may come for several generations at once; a last event has them whole. */
class GenerateAccumulator implements StreamAccumulator<unknown> {
  readonly #generations: Dict[] = [];
  #end: Dict = {};

  add(chunk: unknown): void {
    const event = asDict(chunk);
    if (!event) return;
    const index = asNumber(event.index) ?? 0;
    const reason = field(event, 'finish_reason');
    const text = asString(event.text);
    if (text !== undefined) {
      const known = (this.#generations[index] ??= { text: '' });
      known.text = `${known.text}${text}`;
    }
    // Bedrock's last event has no texts of its own.
    const generation = this.#generations[index];
    if (reason && generation) generation.finish_reason = reason;
    if (field(event, 'event_type') === 'stream-end') this.#end = asDict(event.response) ?? {};
  }

  response(): ModelResponse {
    return generateResponse({ generations: this.#generations, ...this.#end });
  }
}
