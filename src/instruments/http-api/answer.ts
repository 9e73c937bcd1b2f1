import { StringDecoder } from 'string_decoder';
import { asDict } from '../genai/read';
import type { ModelResponse, StreamAccumulator } from '../genai/types';
import type { BoundedJson } from './bounded-json';
import { type Decoder, decoderFor } from './decoder';
import { EventStreamReader } from './event-stream';
import { type BodyReader, EventReader, LineReader, WholeReader } from './text-readers';
import type { HttpOperation } from './types';

/** How much of a stream is put together; of what comes after, only its last events, which have the usage. */
const STREAM_LIMIT = 1024 * 1024;
const LAST_EVENTS = 4;

interface AnswerHead {
  contentType: string;
  contentEncoding: string | undefined;
}

/** The body of an answer, from the bytes of the wire; without an operation it is text, whatever it says. */
export class Answer {
  readonly #operation: HttpOperation | undefined;
  readonly #body: Record<string, unknown>;
  readonly #onChunk: () => void;
  readonly #contentType: string;
  readonly #decoder: Decoder | null | undefined;
  readonly #text = new StringDecoder('utf8');
  #accumulator: StreamAccumulator<unknown> | undefined;
  #whole: WholeReader | undefined;
  #reader: BodyReader | EventStreamReader | undefined;
  #streamed = 0;
  #last: BoundedJson[] = [];
  #isShortened = false;
  /** What went wrong on the provider's side, inside of a stream. */
  error: unknown;

  constructor(
    operation: HttpOperation | undefined,
    body: Record<string, unknown>,
    head: AnswerHead,
    onChunk: () => void,
  ) {
    this.#operation = operation;
    this.#body = body;
    this.#onChunk = onChunk;
    this.#contentType = head.contentType;
    this.#decoder = decoderFor(head.contentEncoding, (bytes) => this.#decoded(bytes));
  }

  write(chunk: Uint8Array): void {
    if (this.#decoder === undefined) {
      this.#decoded(chunk);
      return;
    }
    // What is in it is only known later.
    if (/stream|ndjson/.test(this.#contentType)) this.#onChunk();
    this.#decoder?.write(chunk);
  }

  end(done: () => void): void {
    if (this.#decoder) this.#decoder.end(done);
    else done();
  }

  get text(): string {
    return this.#whole?.json.text ?? '';
  }

  /** What is known by now. */
  response(): ModelResponse | undefined {
    const reader = this.#reader;
    if (reader && !(reader instanceof EventStreamReader)) {
      const rest = this.#text.end();
      if (rest) reader.write(rest);
      reader.end();
    }
    this.#takeLast();
    const response = this.#accumulator ? this.#accumulator.response() : this.#wholeResponse();
    if (!response || !(this.#isShortened || this.#whole?.json.isShortened)) return response;
    return { ...response, extra: { ...response.extra, 'respan.content.shortened': true } };
  }

  #wholeResponse(): ModelResponse | undefined {
    const value = this.#whole?.json.value();
    if (value === undefined || !this.#operation) return undefined;
    // Gemini streams one long array unless it is asked for events.
    const accumulator = Array.isArray(value) ? this.#operation.accumulator?.() : undefined;
    if (!accumulator) return this.#operation.response(value, this.#body);
    for (const chunk of value as unknown[]) accumulator.add(chunk);
    return accumulator.response();
  }

  #decoded(bytes: Uint8Array): void {
    this.#reader ??= this.#readerFor(bytes);
    if (this.#reader instanceof EventStreamReader) this.#reader.write(bytes);
    else this.#reader.write(this.#text.write(bytes as Buffer));
  }

  #readerFor(first: Uint8Array): BodyReader | EventStreamReader {
    const kind = kindOf(this.#contentType, first);
    if (kind === 'json' || !this.#operation?.accumulator) {
      this.#whole = new WholeReader();
      return this.#whole;
    }
    this.#accumulator = this.#operation.accumulator();
    if (kind === 'eventstream') {
      return new EventStreamReader((event) => {
        this.#onChunk();
        this.#addValue(event);
      });
    }
    const onEvent = (json: BoundedJson) => this.#add(json);
    return kind === 'events' ? new EventReader(onEvent) : new LineReader(onEvent);
  }

  #add(json: BoundedJson): void {
    this.#onChunk();
    this.#streamed += json.text.length;
    if (json.isShortened) this.#isShortened = true;
    if (this.#streamed <= STREAM_LIMIT) {
      this.#addValue(json.value());
      return;
    }
    this.#isShortened = true;
    this.#last.push(json);
    if (this.#last.length > LAST_EVENTS) this.#last.shift();
  }

  #takeLast(): void {
    for (const json of this.#last.splice(0)) this.#addValue(json.value());
  }

  #addValue(value: unknown): void {
    // `[DONE]`, for one.
    if (value === undefined) return;
    const dict = asDict(value);
    if (dict?.error) this.error = dict.error;
    else this.#accumulator?.add(value);
  }
}

/** By the content type; what gives its streams a wrong one is known by the first bytes. */
function kindOf(contentType: string, first: Uint8Array): 'json' | 'events' | 'lines' | 'eventstream' {
  if (contentType.includes('event-stream')) return 'events';
  if (contentType.includes('amazon.eventstream')) return 'eventstream';
  if (/ndjson|jsonl|json-seq|stream\+json/.test(contentType)) return 'lines';
  if (contentType.includes('json')) return 'json';
  return /^(data|event|id):/.test(Buffer.from(first.subarray(0, 6)).toString('latin1')) ? 'events' : 'json';
}
