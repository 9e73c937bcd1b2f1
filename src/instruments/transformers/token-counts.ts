import { safely } from '../../config/safely';
import { context, type Span, trace } from '../../telemetry/api';
import { followed } from '../../telemetry/follow';
import { modelCallOf } from '../../telemetry/model-call-context';
import { asArray, asDict, asNumber, type Dict } from '../genai/read';
import { responseAttributes } from '../genai/to-attributes';
import type { Usage } from '../genai/types';
import type { Wrapper } from '../kit/wrap';

const GENERATING = Symbol('respan: generate() of transformers in progress');

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
      if (span) count(span, { input: inputTokens(asDict(args[0]) ?? {}, configOf(this)) });
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
    safely('the transformers instrument', () => count(span, { input: inputTokens(inputs, configOf(this)) }));
    const result = context.with(active.setValue(GENERATING, true), () => original.apply(this, args));
    if (!(result instanceof Promise) || result.constructor !== Promise) return result;
    const isEncoderDecoder = configOf(this).is_encoder_decoder === true;
    const onResult = (answer: unknown) =>
      count(span, { output: outputTokens(answer, inputs, isEncoderDecoder) });
    return followed(result, onResult, () => {});
  };

const configOf = (model: unknown): Dict => asDict((model as { config?: unknown } | undefined)?.config) ?? {};

/** From 3.x on everything comes in one object; before, the ids come first and their mask last. */
export function inputsOf(args: unknown[]): Dict {
  const [first, , , last] = args;
  if (!isTensor(first) && !Array.isArray(first)) return asDict(first) ?? {};
  return { input_ids: first, attention_mask: asDict(last)?.inputs_attention_mask };
}

const isTensor = (value: unknown): value is { dims: number[] } => asArray(asDict(value)?.dims) !== undefined;

/** The ids that the tokenizer made, without what fills up the shorter ones of a batch. */
export function inputTokens(inputs: Dict, config: Dict = {}): number | undefined {
  const ids = inputs.input_ids ?? inputs.inputs;
  // Sounds and images come under the same name.
  if (!isTensor(ids) || ids.dims.length !== 2 || !isIds(ids)) return undefined;
  const mask = valuesOf(inputs.attention_mask);
  if (mask) return countOf(mask, (value) => value !== 0);
  // Before 3.x encoders are given no mask; models that only decode are, and may fill up with the end of a text.
  const filling = config.is_encoder_decoder === true ? asNumber(config.pad_token_id) : undefined;
  const values = valuesOf(ids);
  if (filling === undefined || !values) return ids.dims[0]! * ids.dims[1]!;
  return countOf(values, (id) => id !== filling);
}

function valuesOf(tensor: unknown): Iterable<bigint | number> | undefined {
  const data = isTensor(tensor) ? (tensor as Dict).data : undefined;
  return ArrayBuffer.isView(data) ? (data as unknown as Iterable<bigint | number>) : undefined;
}

function countOf(values: Iterable<bigint | number>, isCounted: (value: number) => boolean): number {
  let counted = 0;
  for (const value of values) if (isCounted(Number(value))) counted += 1;
  return counted;
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
