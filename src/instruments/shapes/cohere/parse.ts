import { mediaPart } from '../../genai/media';
import { asDict, asDicts, asString, type Dict } from '../../genai/read';
import type { Part, WireOperation } from '../../genai/types';
import { field } from './field';
import { baseRequest, textPart } from './request';
import { usageOf } from './usage';

/** `/v2/parse`: the text, tables and pictures of a document. */
export const parse: WireOperation = {
  spanSuffix: 'parse',
  request: (body, sender) => {
    const image = field(asDict(body.document), 'image_url');
    return {
      ...baseRequest('generate_content', body, sender),
      outputType: 'text',
      messages: image ? [{ role: 'user', parts: [mediaPart(image, 'image')] }] : [],
    };
  },
  response: (answer) => {
    const body = asDict(answer) ?? {};
    const parts = asDicts(body.pages).map(pagePart);
    return {
      id: asString(body.id),
      messages: parts.length > 0 ? [{ role: 'assistant', parts }] : [],
      ...usageOf(body.meta),
    };
  },
};

function pagePart(page: Dict): Part {
  const content = asString(asDict(page.markdown)?.content);
  return content === undefined ? { ...page, type: asString(page.type) ?? 'unknown' } : textPart(content);
}
