import { asArray, asDict, asNumber, asString, type Dict, parseArguments } from '../../genai/read';
import type { ModelResponse, StreamAccumulator } from '../../genai/types';
import { messageResponse } from './response';

/** Deltas that make one field longer. */
const TEXT_DELTAS: Record<string, [from: string, to: string]> = {
  text_delta: ['text', 'text'],
  thinking_delta: ['thinking', 'thinking'],
  compaction_delta: ['content', 'content'],
};

/** The list is ours from the second item on: what the library handed out stays as it is. */
function append(block: Dict, name: string, item: unknown): void {
  const own = lists.get(block)?.[name];
  if (own) own.push(item);
  else {
    const list = [...(asArray(block[name]) ?? []), item];
    lists.set(block, { ...lists.get(block), [name]: list });
    block[name] = list;
  }
}

const lists = new WeakMap<Dict, Record<string, unknown[]>>();

/** Puts the events of a message stream together again; usage arrives in two of them. */
export class MessageAccumulator implements StreamAccumulator<unknown> {
  #message: Dict = {};
  #usage: Dict = {};
  readonly #blocks = new Map<number, Dict>();
  readonly #inputs = new Map<number, string>();

  add(chunk: unknown): void {
    const event = asDict(chunk);
    switch (event?.type) {
      case 'message_start':
        this.#message = { ...asDict(event.message) };
        this.#addUsage(this.#message.usage);
        // A placeholder until the last event: a stream cut short has no count of its output.
        delete this.#usage.output_tokens;
        break;
      case 'content_block_start':
        this.#startBlock(this.#indexOf(event), { ...asDict(event.content_block) });
        break;
      case 'content_block_delta':
        this.#addDelta(this.#indexOf(event), asDict(event.delta) ?? {});
        break;
      case 'message_delta':
        Object.assign(this.#message, asDict(event.delta));
        this.#addUsage(event.usage);
        break;
    }
  }

  #indexOf(event: Dict): number {
    return asNumber(event.index) ?? Math.max(0, this.#blocks.size - 1);
  }

  #startBlock(index: number, block: Dict): void {
    this.#blocks.set(index, block);
    // From here on another model answers.
    const model = block.type === 'fallback' ? asString(asDict(block.to)?.model) : undefined;
    if (model) this.#message.model = model;
  }

  /** The later event repeats some counts and leaves others out, or null. */
  #addUsage(usage: unknown): void {
    for (const [name, value] of Object.entries(asDict(usage) ?? {})) {
      if (value !== null && value !== undefined) this.#usage[name] = value;
    }
  }

  #addDelta(index: number, delta: Dict): void {
    const block = this.#blocks.get(index) ?? { type: 'text' };
    this.#blocks.set(index, block);
    const type = asString(delta.type) ?? '';
    const fields = Object.hasOwn(TEXT_DELTAS, type) ? TEXT_DELTAS[type] : undefined;
    if (fields) {
      const [from, to] = fields;
      block[to] = `${asString(block[to]) ?? ''}${asString(delta[from]) ?? ''}`;
    } else if (type === 'input_json_delta') {
      this.#inputs.set(index, `${this.#inputs.get(index) ?? ''}${asString(delta.partial_json) ?? ''}`);
    } else if (type === 'citations_delta') {
      append(block, 'citations', delta.citation);
    } else if (type !== 'signature_delta') {
      // Of a kind that is not known yet: kept as it came.
      append(block, 'deltas', delta);
    }
  }

  response(): ModelResponse {
    const inOrder = [...this.#blocks].sort(([a], [b]) => a - b);
    const content = inOrder.map(([index, block]) => {
      const input = this.#inputs.get(index);
      return input ? { ...block, input: parseArguments(input) } : block;
    });
    return messageResponse({ ...this.#message, content, usage: this.#usage });
  }
}
