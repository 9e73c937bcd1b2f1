import { longRunFrom } from '../../telemetry/suspicious-text';
import type { StreamAccumulator } from '../genai/types';

/** As much text of a stream is put together, in characters: no model says more, and no attribute has that much. */
const LIMIT = 4_000_000;
/** What a text counts that was at the same place of the chunk before: ids and names come with every chunk. */
const REPEATED = 2;
/** Of what comes later only the end is kept, where usage and the reason of the end are. */
const LAST_CHUNKS = 32;
/** After so many chunks the text is made one piece: V8 keeps what was appended as a tree of the pieces. */
const PIECES = 8_192;
/** Chunks are small objects; of larger ones the first values tell enough. */
const VALUES = 200;
const BYTES = 1_000;

/** The same accumulator, for streams that may never end. */
export function boundedAccumulator(accumulator: StreamAccumulator<unknown>): StreamAccumulator<unknown> {
  let text = 0;
  let chunks = 0;
  let before: string[] = [];
  let isShort = false;
  const last: unknown[] = [];
  return {
    add(chunk) {
      if (text > LIMIT) {
        isShort = true;
        last.push(chunk);
        if (last.length > LAST_CHUNKS) last.shift();
        return;
      }
      const texts: string[] = [];
      collectTexts(chunk, texts, { left: VALUES });
      texts.forEach((one, at) => {
        text += one === before[at] || isBytes(one) ? REPEATED : one.length;
      });
      before = texts;
      accumulator.add(chunk);
      chunks += 1;
      if (chunks % PIECES === 0) JSON.stringify(accumulator.response().messages);
    },
    response() {
      for (const chunk of last.splice(0)) accumulator.add(chunk);
      const response = accumulator.response();
      if (!isShort) return response;
      return { ...response, extra: { ...response.extra, 'respan.content.shortened': true } };
    },
  };
}

function collectTexts(value: unknown, texts: string[], budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0) return;
  if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const name in value) collectTexts((value as Record<string, unknown>)[name], texts, budget);
  }
}

/** Sound and pictures in base64, of which only the size is kept. */
function isBytes(text: string): boolean {
  return text.length >= BYTES && longRunFrom(text, 0)?.start === 0;
}
