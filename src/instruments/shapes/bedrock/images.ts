import { base64Bytes, blob } from '../../genai/media';
import { asDict, asDicts, asNumber, asString, asStrings, type Dict } from '../../genai/read';
import type { Part, WireOperation } from '../../genai/types';
import { baseRequest } from './base';

/** Titan Image, Nova Canvas and Stability: prompts as text, images as placeholders. */
export const images: WireOperation = {
  spanSuffix: 'image_generation',
  request: (body, sender) => {
    const config = asDict(body.imageGenerationConfig) ?? body;
    const parts = promptParts(body);
    return {
      ...baseRequest('image_generation', asString(body.modelId), sender),
      choiceCount: asNumber(config.numberOfImages) ?? asNumber(config.samples),
      seed: asNumber(config.seed),
      outputType: 'image',
      messages: parts.length > 0 ? [{ role: 'user', parts }] : [],
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const artifacts = asDicts(body.artifacts);
    const data = asStrings(body.images) ?? artifacts.flatMap(({ base64 }) => asStrings(base64) ?? []);
    const reasons =
      asStrings(body.finish_reasons) ??
      artifacts.flatMap(({ finishReason }) => asStrings(finishReason) ?? []);
    return {
      finishReasons: reasons,
      messages:
        data.length > 0
          ? [{ role: 'assistant', parts: data.map((image) => blob(undefined, base64Bytes(image), 'image')) }]
          : [],
    };
  },
};

/** Texts and images may be in the body itself or in what belongs to the task (`textToImageParams`, …). */
function promptParts(body: Dict): Part[] {
  const task = Object.entries(body).find(([name]) => name.endsWith('Params'));
  const params = asDict(task?.[1]) ?? body;
  const weighted = asDicts(body.text_prompts).flatMap(({ text }) => asStrings(text) ?? []);
  const texts = [params.text, params.prompt, ...weighted].flatMap((text) => asStrings(text) ?? []);
  const negative = asString(params.negativeText) ?? asString(params.negative_prompt);
  const given = [params.image, params.init_image, params.inputImage, params.images, params.maskImage]
    .flat()
    .flatMap((image) => asStrings(image) ?? []);
  return [
    ...texts.map((content) => ({ type: 'text', content })),
    ...(negative ? [{ type: 'negative_prompt', content: negative }] : []),
    ...given.map((image) => blob(undefined, base64Bytes(image), 'image')),
  ];
}
