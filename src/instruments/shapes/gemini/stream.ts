import { base64Bytes } from '../../genai/media';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from '../../genai/read';
import type { ModelResponse, StreamAccumulator } from '../../genai/types';
import { field } from './fields';
import { generateResponse } from './response';

const HEAD = ['responseId', 'modelVersion', 'usageMetadata', 'promptFeedback'];

interface PartialCandidate {
  role?: unknown;
  finishReason?: unknown;
  groundingMetadata?: unknown;
  parts: Dict[];
}

/** Puts the chunks of a stream together again. Each is a whole response of its own; texts are continued. */
export class GenerateAccumulator implements StreamAccumulator<unknown> {
  readonly #head: Dict = {};
  readonly #candidates = new Map<number, PartialCandidate>();

  add(chunk: unknown): void {
    const body = asDict(chunk);
    if (!body) return;
    // Usage is on every chunk, each time for all of the answer so far.
    for (const name of HEAD) this.#head[name] = field(body, name) ?? this.#head[name];
    asDicts(body.candidates).forEach((candidate, position) => {
      this.#addCandidate(candidate, asNumber(candidate.index) ?? position);
    });
  }

  #addCandidate(candidate: Dict, index: number): void {
    const known: PartialCandidate = this.#candidates.get(index) ?? { parts: [] };
    this.#candidates.set(index, known);
    const content = asDict(candidate.content);
    known.role ??= content?.role;
    known.finishReason = field(candidate, 'finishReason') ?? known.finishReason;
    known.groundingMetadata = field(candidate, 'groundingMetadata') ?? known.groundingMetadata;
    for (const part of asDicts(content?.parts)) addPart(known.parts, part);
  }

  response(): ModelResponse {
    const candidates = [...this.#candidates]
      .sort(([a], [b]) => a - b)
      .map(([, { role, parts, ...rest }]) => ({ content: { role, parts }, ...rest }));
    return generateResponse({ ...this.#head, candidates });
  }
}

function addPart(parts: Dict[], part: Dict): void {
  const last = parts.at(-1);
  const text = asString(part.text);
  const call = asDict(field(part, 'functionCall'));
  const inline = asDict(field(part, 'inlineData'));
  if (text !== undefined && typeof last?.text === 'string' && !last.thought === !part.thought) {
    last.text += text;
  } else if (inline) {
    addBytes(parts, inline, asDict(last?.inlineData));
  } else if (call) {
    addCall(parts, call, asDict(last?.functionCall));
  } else if (text !== '') {
    parts.push({ ...part });
  }
}

/** Nothing is kept but how much it was; sound comes in pieces. */
function addBytes(parts: Dict[], inline: Dict, before: Dict | undefined): void {
  const mimeType = asString(field(inline, 'mimeType'));
  const bytes = base64Bytes(asString(inline.data) ?? '');
  if (before && mimeType?.startsWith('audio/') && before.mimeType === mimeType)
    before.bytes = (asNumber(before.bytes) ?? 0) + bytes;
  else parts.push({ inlineData: { mimeType, bytes } });
}

/** A call comes whole, or argument by argument (`streamFunctionCallArguments`), each of which may be in pieces. */
function addCall(parts: Dict[], call: Dict, before: Dict | undefined): void {
  const continued = before?.willContinue === true && !asString(call.name);
  const target: Dict = continued ? before : { ...call };
  if (continued) target.willContinue = field(call, 'willContinue');
  else parts.push({ functionCall: target });
  for (const piece of asDicts(field(call, 'partialArgs'))) {
    target.args = withPiece(asDict(target.args) ?? {}, piece);
  }
}

/** Names of objects that a path must never lead to. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** `$.city.name` and `$.days[0]`: the way to where the value belongs. */
function withPiece(args: Dict, piece: Dict): Dict {
  const path = (asString(field(piece, 'jsonPath')) ?? '').match(/[^.[\]'"$]+/g) ?? [];
  if (path.length === 0 || path.some((name) => FORBIDDEN.has(name))) return args;
  const result = { ...args };
  let place: Dict = result;
  for (const name of path.slice(0, -1)) {
    const inner = { ...asDict(place[name]), ...asArray(place[name]) };
    place[name] = inner;
    place = inner;
  }
  const name = path.at(-1)!;
  const text = asString(field(piece, 'stringValue'));
  place[name] =
    text !== undefined
      ? (asString(place[name]) ?? '') + text
      : (field(piece, 'numberValue') ?? field(piece, 'boolValue') ?? null);
  return result;
}
