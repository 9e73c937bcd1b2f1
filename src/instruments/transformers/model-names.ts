import { safely } from '../../config/safely';
import { followed } from '../../telemetry/follow';
import { asDict, asString } from '../genai/read';
import type { Wrapper } from '../kit/wrap';

const names = new WeakMap<object, string>();

/** What a model was loaded as: `onnx-community/Qwen3-0.6B-ONNX`. It does not know that itself. */
export function nameOfModel(model: unknown): string | undefined {
  if (typeof model !== 'function' && typeof model !== 'object') return undefined;
  if (model === null) return undefined;
  return names.get(model) ?? asString(asDict((model as { config?: unknown }).config)?._name_or_path);
}

/** For `from_pretrained`, which every class of models inherits. */
export const namingModels: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const loading = original.apply(this, args);
    const name = asString(args[0]);
    if (name === undefined || !(loading instanceof Promise) || loading.constructor !== Promise)
      return loading;
    const remember = (model: unknown) => {
      if (typeof model === 'function' || asDict(model)) names.set(model as object, name);
    };
    return safely('the transformers instrument', () => followed(loading, remember, () => {})) ?? loading;
  };
