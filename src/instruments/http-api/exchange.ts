import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { telemetry } from '../../telemetry/telemetry';
import type { Dict } from '../genai/read';
import type { ModelResponse, Sender } from '../genai/types';
import { beginCall } from '../kit/begin';
import type { ModelCall } from '../kit/model-call';
import { Answer } from './answer';
import { errorOf } from './answered-error';
import { type Candidates, chosen } from './recognise';
import { RequestBody } from './request-body';
import type { HttpOperation, HttpRequest } from './types';

const WHERE = 'the HTTP net';

export interface AnswerHeaders {
  status: number;
  statusText?: string;
  header(name: string): string | undefined;
}

/**
 * One request and its answer, as its client sends and receives them. Whether it is a model call at all is known with
 * its body: the span begins then, with the time and the place in the trace that the request had.
 */
export class Exchange {
  readonly body = new RequestBody();
  readonly #candidates: Candidates;
  readonly #request: HttpRequest;
  /** The client's own object for the request. */
  readonly #carrier: object;
  readonly #context: Context = context.active();
  readonly #startedAt = performance.now();
  #isDecided = false;
  /** Nothing more comes of it. */
  #isOver = false;
  #isFinished = false;
  #call: ModelCall | undefined;
  #operation: HttpOperation | undefined;
  #asked: Dict = {};
  #answer: Answer | undefined;
  /** The headers of an answer that is an error. */
  #refused: AnswerHeaders | undefined;
  #lastAt = performance.now();

  constructor(candidates: Candidates, request: HttpRequest, carrier: object) {
    this.#candidates = candidates;
    this.#request = request;
    this.#carrier = carrier;
    telemetry().openCalls.add(this);
  }

  /** The whole body has been handed over; nothing of it comes any more. */
  sent(): void {
    safely(WHERE, () => this.#decide());
  }

  answered(headers: AnswerHeaders): void {
    safely(WHERE, () => {
      this.#decide();
      this.#lastAt = performance.now();
      const { status, header } = headers;
      const operation = this.#operation;
      if (!operation || status < 200) return;
      const head = {
        contentType: (header('content-type') ?? '').toLowerCase(),
        contentEncoding: header('content-encoding'),
      };
      if (status >= 300) this.#refused = headers;
      this.#answer = new Answer(status < 300 ? operation : undefined, this.#asked, head, () => {
        // What the end of the answer brings to light came earlier.
        if (!this.#isOver) this.#call?.chunk();
      });
    });
  }

  received(chunk: Uint8Array): void {
    if (this.#isOver || !this.#call) return;
    safely(WHERE, () => {
      this.#answer?.write(chunk);
      this.#lastAt = performance.now();
    });
  }

  /** The answer is complete. What it says is put together when the app is not waiting for us. */
  ended(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    safely(WHERE, () => {
      this.#lastAt = performance.now();
      if (!this.#call || !this.#answer) this.#finish();
      else this.#answer.end(() => void setImmediate(() => this.#finish()).unref());
    });
  }

  /** The app wants no more of it. */
  stopped(): void {
    if (!this.#answer) return;
    this.ended();
  }

  failed(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    safely(WHERE, () => {
      this.#decide();
      this.#forget();
      this.#call?.fail(error, this.#response());
    });
  }

  /** The process ends. */
  settle(): void {
    safely(WHERE, () => {
      this.#decide();
      this.#finish();
    });
  }

  /** The ids of those whose call it may be. */
  get instruments(): string[] {
    return this.#candidates.apis.map(({ instrument }) => instrument);
  }

  get hasAnswer(): boolean {
    return this.#answer !== undefined;
  }

  #decide(): void {
    if (this.#isDecided) return;
    this.#isDecided = true;
    const wasSeen = !this.body.isEmpty;
    const body = this.body.read();
    const api = chosen(this.#candidates, this.#request, body, wasSeen);
    if (!api) {
      this.#forget();
      return;
    }
    const asked = api.body?.(body ?? {}, this.#request) ?? body ?? {};
    this.#asked = asked;
    const operation = api.operation(asked);
    this.#operation = operation;
    const sender: Sender = { baseURL: this.#request.url.origin, provider: api.provider };
    this.#call = beginCall(
      {
        instrument: api.instrument,
        name: `${api.library}.${operation.spanSuffix}`,
        since: { time: this.#startedAt, context: this.#context, carrier: this.#carrier },
      },
      () => operation.request(asked, sender),
      () => operation.request({}, sender),
    );
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#isOver = true;
    this.#forget();
    const call = this.#call;
    if (!call) return;
    if (this.#refused) {
      call.fail(errorOf(this.#refused, this.#answer?.text), undefined, this.#lastAt);
      return;
    }
    const response = this.#response();
    const { error } = this.#answer ?? {};
    if (error !== undefined) call.fail(errorOf(undefined, JSON.stringify({ error })), response, this.#lastAt);
    else call.end(() => ({ response, endTime: this.#lastAt }));
  }

  #response(): ModelResponse | undefined {
    return safely('the response mapping', () => this.#answer?.response());
  }

  #forget(): void {
    telemetry().openCalls.delete(this);
  }
}
