/** As long as this, JSON is kept and parsed as it is. */
const WHOLE = 256 * 1024;
/** From here on strings are cut as well. */
const STRINGS = 4 * 1024 * 1024;
/** Strings shorter than this are kept whatever their number: they are what usage and finish reasons are made of. */
const SHORT = 64;
/** Whatever is left when everything else was left out. */
const ANYTHING = STRINGS + 1024 * 1024;

/**
 * JSON that comes in pieces and may be larger than anybody wants to keep: vectors, pictures, whole books. Where it is,
 * later items of arrays are left out, and later still the ends of strings, so that fields at its end (usage) are found.
 */
export class BoundedJson {
  #whole = '';
  #shortener: Shortener | undefined;

  write(text: string): void {
    if (this.#shortener) {
      this.#shortener.write(text);
      return;
    }
    this.#whole += text;
    if (this.#whole.length <= WHOLE) return;
    this.#shortener = new Shortener();
    this.#shortener.write(this.#whole);
    this.#whole = '';
  }

  get isShortened(): boolean {
    return this.#shortener?.isShortened ?? false;
  }

  get text(): string {
    return this.#shortener?.text ?? this.#whole;
  }

  /** Undefined where it is no JSON, or not all of it. */
  value(): unknown {
    try {
      return JSON.parse(this.text) as unknown;
    } catch {
      return undefined;
    }
  }
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const LETTER_U = 117;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

class Shortener {
  #out: string[] = [];
  #kept = 0;
  isShortened = false;
  /** The brackets that are open. */
  readonly #open: number[] = [];
  /** How deep inside the array whose further items are left out; 0: none is. */
  #skipped = 0;
  #inString = false;
  /** What is left of an escape sequence: 5 after the backslash, then the digits of `\u`. */
  #escape = 0;
  #isCut = false;
  #stringStart = 0;
  /** The piece of #out that the string starts with; -1: it is not one of its own. */
  #stringPiece = -1;

  get text(): string {
    if (this.#out.length > 1) this.#out = [this.#out.join('')];
    return this.#out[0] ?? '';
  }

  write(text: string): void {
    let from = 0;
    const isLeftOut = () => this.#skipped > 0 || this.#isCut;
    const here = (at: number) => this.#kept + at - from;
    const keep = (to: number) => {
      if (to > from && this.#kept < ANYTHING) {
        this.#out.push(text.slice(from, to));
        this.#kept += to - from;
      }
      from = to;
    };
    for (let at = 0; at < text.length; at += 1) {
      if (this.#inString) {
        at = this.#throughString(text, at);
        const isOver = !this.#inString;
        const end = Math.min(isOver ? at : at + 1, text.length);
        if (!isLeftOut() && this.#isTooLong(here(end))) {
          keep(end);
          this.#cut();
        }
        if (isOver && this.#isCut) {
          this.#isCut = false;
          from = at;
        }
        continue;
      }
      switch (text.charCodeAt(at)) {
        case QUOTE:
          if (!isLeftOut()) {
            if (here(at) > STRINGS) keep(at);
            this.#stringPiece = here(at) > STRINGS ? this.#out.length : -1;
            this.#stringStart = here(at);
          }
          this.#inString = true;
          break;
        case OPEN_ARRAY:
        case OPEN_OBJECT:
          if (this.#skipped > 0) this.#skipped += 1;
          else this.#open.push(text.charCodeAt(at));
          break;
        case CLOSE_ARRAY:
        case CLOSE_OBJECT:
          if (this.#skipped > 0) {
            this.#skipped -= 1;
            if (this.#skipped > 0) break;
            from = at;
          }
          this.#open.pop();
          break;
        case COMMA:
          if (this.#skipped === 0 && this.#open.at(-1) === OPEN_ARRAY && here(at) > WHOLE) {
            keep(at);
            this.#skipped = 1;
            this.isShortened = true;
          }
          break;
      }
    }
    if (!isLeftOut()) keep(text.length);
  }

  /** Goes on to the end of the string, or of the piece; answers with the place of the last character looked at. */
  #throughString(text: string, start: number): number {
    for (let at = start; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#escape > 0) {
        this.#escape = this.#escape === 5 ? (code === LETTER_U ? 4 : 0) : this.#escape - 1;
      } else if (code === BACKSLASH) {
        this.#escape = 5;
      } else if (code === QUOTE) {
        this.#inString = false;
        return at;
      } else {
        // Most of a long string is neither: the native search is the fast one.
        const quote = text.indexOf('"', at);
        const stop = quote < 0 ? text.length : quote;
        const backslash = text.slice(at, stop).indexOf('\\');
        at = (backslash < 0 ? stop : at + backslash) - 1;
      }
    }
    return text.length;
  }

  #isTooLong(end: number): boolean {
    return this.#escape === 0 && end > STRINGS && end - this.#stringStart > SHORT;
  }

  /** Takes back the string that has become too long, but for its head; of bytes in base64 not even that is of use. */
  #cut(): void {
    let before = '';
    let string: string;
    if (this.#stringPiece >= 0) {
      string = this.#out.splice(this.#stringPiece).join('');
    } else {
      const all = this.#out.join('');
      before = all.slice(0, this.#stringStart);
      string = all.slice(this.#stringStart);
      this.#out = [before];
    }
    const head = string.slice(0, SHORT);
    const isBytes = /^"(data:|[\w+/=-]+$)/.test(head);
    const left = isBytes ? '"' : `${withWholeEscapes(head)}…`;
    this.#out.push(left);
    this.#kept += left.length - string.length;
    this.#isCut = true;
    this.isShortened = true;
  }
}

/** `head` up to the last escape sequence that is all there. */
function withWholeEscapes(head: string): string {
  let end = 0;
  for (;;) {
    const length = head[end] !== '\\' ? 1 : head[end + 1] === 'u' ? 6 : 2;
    if (end + length > head.length) return head.slice(0, end);
    end += length;
  }
}
