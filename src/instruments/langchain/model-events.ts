import { asDict, asNumber, asString, type Dict } from '../genai/read';
import type { ModelResponse, StreamAccumulator } from '../genai/types';
import { generationResponse } from './model-response';

/** A delta that continues a text of its block: the field it continues. */
const TEXT_DELTAS: Record<string, string> = {
  'text-delta': 'text',
  'reasoning-delta': 'reasoning',
  'tool-call-delta': 'args',
};

/** The events that chat models stream since 1.2 of the core: blocks, each of which says at its end what it was. */
export class EventAccumulator implements StreamAccumulator<unknown> {
  #id: unknown;
  #usage: unknown;
  #reason: string | undefined;
  #metadata: Dict = {};
  readonly #blocks: Dict[] = [];

  add(chunk: unknown): void {
    const event = asDict(chunk) ?? {};
    this.#usage = asDict(event.usage) ?? this.#usage;
    const at = asNumber(event.index) ?? 0;
    switch (event.event) {
      case 'message-start':
        this.#id = event.id;
        break;
      case 'content-block-start':
      case 'content-block-finish':
        this.#blocks[at] = { ...(asDict(event.content) ?? asDict(event.contentBlock)) };
        break;
      case 'content-block-delta':
        this.#addDelta(at, asDict(event.delta) ?? {});
        break;
      case 'message-finish':
        this.#reason = asString(event.reason);
        Object.assign(this.#metadata, asDict(event.responseMetadata));
    }
  }

  #addDelta(at: number, delta: Dict): void {
    const block = (this.#blocks[at] ??= {});
    const field = TEXT_DELTAS[asString(delta.type) ?? ''];
    if (field) block[field] = (asString(block[field]) ?? '') + (asString(delta[field]) ?? '');
    else if (delta.type === 'block-delta') Object.assign(block, asDict(delta.fields));
  }

  response(): ModelResponse {
    const message = {
      id: this.#id,
      content: this.#blocks
        .filter(Boolean)
        .map((block) => (block.type === 'tool_call_chunk' ? { ...block, type: 'tool_call' } : block)),
      usage_metadata: this.#usage,
      response_metadata: { ...this.#metadata, ...(this.#reason && { finish_reason: this.#reason }) },
    };
    return generationResponse({ generations: [[{ message }]] });
  }
}
