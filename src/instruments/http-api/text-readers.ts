import { BoundedJson } from './bounded-json';

/** Takes a body apart as it comes, in pieces that end anywhere. */
export interface BodyReader {
  write(text: string): void;
  end(): void;
}

type OnValue = (json: BoundedJson) => void;

/** Server-sent events: the data of each. */
export class EventReader implements BodyReader {
  readonly #onEvent: OnValue;
  #data = new BoundedJson();
  #hasData = false;
  #inData = false;
  /** The start of a line, until it shows which field it is. */
  #start = '';
  #afterCarriageReturn = false;

  constructor(onEvent: OnValue) {
    this.#onEvent = onEvent;
  }

  write(piece: string): void {
    const text = this.#withPlainLineEnds(piece);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#add(text.slice(from, end));
      this.#endLine();
      from = end + 1;
    }
    if (from < text.length) this.#add(text.slice(from));
  }

  end(): void {
    this.#endLine();
    this.#endEvent();
  }

  #withPlainLineEnds(text: string): string {
    const rest = this.#afterCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#afterCarriageReturn = text.endsWith('\r');
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
  }

  #add(text: string): void {
    if (this.#inData) {
      this.#data.write(text);
      return;
    }
    this.#start += text;
    if (this.#start.length > 5) this.#startData();
    // A comment or another field.
    if (this.#start.length > 5) this.#start = this.#start.slice(0, 5);
  }

  #startData(): void {
    if (!this.#start.startsWith('data:')) return;
    if (this.#hasData) this.#data.write('\n');
    this.#hasData = true;
    this.#inData = true;
    this.#data.write(this.#start.slice(this.#start[5] === ' ' ? 6 : 5));
    this.#start = '';
  }

  #endLine(): void {
    if (this.#inData) this.#inData = false;
    else if (this.#start === '') this.#endEvent();
    else if (this.#start === 'data:') this.#startData();
    this.#inData = false;
    this.#start = '';
  }

  #endEvent(): void {
    if (!this.#hasData) return;
    const data = this.#data;
    this.#data = new BoundedJson();
    this.#hasData = false;
    this.#onEvent(data);
  }
}

/** One JSON value a line. */
export class LineReader implements BodyReader {
  readonly #onLine: OnValue;
  #line = new BoundedJson();
  #isEmpty = true;

  constructor(onLine: OnValue) {
    this.#onLine = onLine;
  }

  write(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#add(text.slice(from, end));
      this.end();
      from = end + 1;
    }
    if (from < text.length) this.#add(text.slice(from));
  }

  end(): void {
    if (this.#isEmpty) return;
    const line = this.#line;
    this.#line = new BoundedJson();
    this.#isEmpty = true;
    this.#onLine(line);
  }

  #add(text: string): void {
    if (text === '') return;
    this.#line.write(text);
    this.#isEmpty = false;
  }
}

/** One JSON value in all. */
export class WholeReader implements BodyReader {
  readonly json = new BoundedJson();

  write(text: string): void {
    this.json.write(text);
  }

  end(): void {}
}
