import { decoder } from '../genai/bytes';
import { asDict, type Dict } from '../genai/read';
import type { ModelResponse, StreamAccumulator } from '../genai/types';
import type { BodyShape } from './body';

/**
 * The stream of an endpoint: pieces of bytes, cut anywhere, of server-sent events or of JSON lines, whichever the
 * container writes; text where it is neither.
 */
export class PayloadAccumulator implements StreamAccumulator<unknown> {
  readonly #bytes = decoder();
  readonly #chunks: StreamAccumulator<unknown>;
  readonly #extra: ModelResponse['extra'];
  /** How far the text has been read. */
  #read = 0;
  #isJson = false;

  constructor(shape: BodyShape, extra: ModelResponse['extra']) {
    this.#chunks = shape.accumulator();
    this.#extra = extra;
  }

  add(event: unknown): void {
    this.#bytes.add(asDict(asDict(event)?.PayloadPart)?.Bytes);
    const text = this.#bytes.text();
    for (let end = text.indexOf('\n', this.#read); end >= 0; end = text.indexOf('\n', this.#read)) {
      this.#addLine(text.slice(this.#read, end));
      this.#read = end + 1;
    }
  }

  #addLine(line: string): boolean {
    const chunk = parsed(line.trim().replace(/^data:\s*/, ''));
    if (!chunk) return false;
    this.#isJson = true;
    this.#chunks.add(chunk);
    return true;
  }

  response(): ModelResponse {
    const text = this.#bytes.text();
    // The last line need not end.
    if (this.#addLine(text.slice(this.#read))) this.#read = text.length;
    const response = this.#isJson || isCutJson(text) ? this.#chunks.response() : plain(text);
    return { ...response, extra: { ...response.extra, ...this.#extra } };
  }
}

/** Nothing whole has come of what will be events or JSON. */
const isCutJson = (text: string): boolean => text === '' || /^\s*(data:|event:|id:|:|[{[])/.test(text);

const plain = (content: string): ModelResponse => ({
  messages: [{ role: 'assistant', parts: [{ type: 'text', content }] }],
});

/** Objects, and lists of one: everything else is no chunk. */
function parsed(json: string): Dict | unknown[] | undefined {
  if (!/^[{[]/.test(json) || json === '[DONE]') return undefined;
  try {
    return JSON.parse(json) as Dict | unknown[];
  } catch {
    return undefined;
  }
}
