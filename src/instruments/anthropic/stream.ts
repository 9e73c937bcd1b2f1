import { asDict, asNumber, asString, type Dict, parseArguments } from '../genai/read';
import type { ModelResponse, StreamAccumulator } from '../genai/types';
import { messageResponse } from './response';

/** Puts the events of a message stream together again; usage arrives in two of them. */
export class MessageAccumulator implements StreamAccumulator<unknown> {
  #message: Dict = {};
  #usage: Dict = {};
  readonly #blocks: Dict[] = [];
  readonly #inputs: string[] = [];

  add(chunk: unknown): void {
    const event = asDict(chunk);
    switch (event?.type) {
      case 'message_start':
        this.#message = { ...asDict(event.message) };
        this.#addUsage(this.#message.usage);
        break;
      case 'content_block_start':
        this.#blocks[asNumber(event.index) ?? this.#blocks.length] = { ...asDict(event.content_block) };
        break;
      case 'content_block_delta':
        this.#addDelta(asNumber(event.index) ?? 0, asDict(event.delta) ?? {});
        break;
      case 'message_delta':
        Object.assign(this.#message, asDict(event.delta));
        this.#addUsage(event.usage);
        break;
    }
  }

  /** The later event repeats some counts and leaves others out, or null. */
  #addUsage(usage: unknown): void {
    for (const [name, value] of Object.entries(asDict(usage) ?? {})) {
      if (value !== null && value !== undefined) this.#usage[name] = value;
    }
  }

  #addDelta(index: number, delta: Dict): void {
    const block = (this.#blocks[index] ??= { type: 'text' });
    switch (delta.type) {
      case 'text_delta':
        block.text = `${asString(block.text) ?? ''}${asString(delta.text) ?? ''}`;
        break;
      case 'thinking_delta':
        block.thinking = `${asString(block.thinking) ?? ''}${asString(delta.thinking) ?? ''}`;
        break;
      case 'input_json_delta':
        this.#inputs[index] = `${this.#inputs[index] ?? ''}${asString(delta.partial_json) ?? ''}`;
        break;
    }
  }

  response(): ModelResponse {
    const content = this.#blocks.map((block, index) => {
      const input = this.#inputs[index];
      return input ? { ...block, input: parseArguments(input) } : block;
    });
    return messageResponse({ ...this.#message, content, usage: this.#usage });
  }
}
