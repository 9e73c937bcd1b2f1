import { safely } from '../../config/safely';
import { context, createContextKey, type Span, trace } from '../../telemetry/api';
import { modelCallOf } from '../../telemetry/model-call-context';
import { asArray, asDict, asNumber, type Dict } from '../genai/read';
import { responseAttributes } from '../genai/to-attributes';
import type { Usage } from '../genai/types';
import { followed } from '../kit/follow';
import type { Wrapper } from '../kit/wrap';

const GENERATING = createContextKey('respan: generate() of transformers in progress');

/** A pipeline may run its model many times (once for each label of a zero-shot classification). */
const counted = new WeakMap<Span, Usage>();

function count(span: Span, { input, output }: Usage): void {
  const usage = counted.get(span) ?? {};
  if (input !== undefined) usage.input = (usage.input ?? 0) + input;
  if (output !== undefined) usage.output = (usage.output ?? 0) + output;
  counted.set(span, usage);
  span.setAttributes(responseAttributes({ usage }, false));
}

/** For a model that is called once over its input, as embeddings and classifications do. */
export const countingCalls: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    safely('the transformers instrument', () => {
      const active = context.active();
      if (modelCallOf(active) !== 'transformers' || active.getValue(GENERATING)) return;
      const span = trace.getSpan(active);
      if (span) count(span, { input: inputTokens(asDict(args[0]) ?? {}) });
    });
    return original.apply(this, args);
  };

/** For `generate`: all that it writes, of every input of a batch. */
export const countingGenerate: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const active = context.active();
    const span = modelCallOf(active) === 'transformers' ? trace.getSpan(active) : undefined;
    if (!span) return original.apply(this, args);
    const inputs = safely('the transformers instrument', () => inputsOf(args)) ?? {};
    safely('the transformers instrument', () => count(span, { input: inputTokens(inputs) }));
    const result = context.with(active.setValue(GENERATING, true), () => original.apply(this, args));
    if (!(result instanceof Promise) || result.constructor !== Promise) return result;
    const isEncoderDecoder = asDict((this as { config?: unknown }).config)?.is_encoder_decoder === true;
    const onResult = (answer: unknown) =>
      count(span, { output: outputTokens(answer, inputs, isEncoderDecoder) });
    return followed(result, onResult, () => {});
  };

/** From 3.x on everything comes in one object; before, the ids come first and their mask last. */
export function inputsOf(args: unknown[]): Dict {
  const [first, , , last] = args;
  if (!isTensor(first) && !Array.isArray(first)) return asDict(first) ?? {};
  return { input_ids: first, attention_mask: asDict(last)?.inputs_attention_mask };
}

const isTensor = (value: unknown): value is { dims: number[] } => asArray(asDict(value)?.dims) !== undefined;

/** The ids that the tokenizer made, without what fills up the shorter ones of a batch. */
export function inputTokens(inputs: Dict): number | undefined {
  const ids = inputs.input_ids ?? inputs.inputs;
  // Sounds and images come under the same name.
  if (!isTensor(ids) || ids.dims.length !== 2 || !isIds(ids)) return undefined;
  const mask = asDict(inputs.attention_mask);
  const values = mask && isTensor(mask) && (mask as Dict).data;
  if (!ArrayBuffer.isView(values)) return ids.dims[0]! * ids.dims[1]!;
  let tokens = 0;
  for (const value of values as unknown as Iterable<bigint | number>) if (Number(value) !== 0) tokens += 1;
  return tokens;
}

const isIds = (tensor: unknown): boolean => asDict(tensor)?.type === 'int64';

/** Of what `generate` answers: a model that only decodes repeats its input first. */
export function outputTokens(answer: unknown, inputs: Dict, isEncoderDecoder: boolean): number | undefined {
  const { rows, length } = shapeOf(asDict(answer)?.sequences ?? answer) ?? {};
  if (rows === undefined || length === undefined) return undefined;
  const start = isEncoderDecoder ? decoderStart(inputs) : lengthOf(inputs.input_ids ?? inputs.inputs);
  return start === undefined ? undefined : Math.max(0, length - rows * start);
}

/** Rows, and the ids in all of them: a tensor, or before 3.x lists of ids. */
function shapeOf(ids: unknown): { rows: number; length: number } | undefined {
  if (isTensor(ids)) {
    const [rows = 0, columns = 0] = ids.dims;
    return ids.dims.length === 2 ? { rows, length: rows * columns } : undefined;
  }
  const lists = asArray(ids)?.filter(Array.isArray) as unknown[][] | undefined;
  if (!lists || lists.length === 0) return undefined;
  // One list of beams for each input.
  const rows = lists.flatMap((list) => (Array.isArray(list[0]) ? (list as unknown[][]) : [list]));
  return { rows: rows.length, length: rows.reduce((sum, row) => sum + row.length, 0) };
}

function lengthOf(ids: unknown): number | undefined {
  if (isTensor(ids)) return asNumber(ids.dims.at(-1));
  const list = asArray(ids);
  return list && (asArray(list[0]) ?? list).length;
}

/** What the decoder was given to start with: one token, unless the caller says more. */
const decoderStart = ({ decoder_input_ids: ids }: Dict): number | undefined =>
  ids === undefined || ids === null ? 1 : lengthOf(ids);
