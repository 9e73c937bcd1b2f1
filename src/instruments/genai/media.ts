import { dataUrlPlaceholder } from '../../telemetry/data-url';
import type { Part } from './types';

export { base64Bytes, blob, dataUrlPlaceholder, modalityOf } from '../../telemetry/data-url';

/** A part for media given by URL, which may be a data URL. */
export function mediaPart(url: unknown, modality: string): Part {
  if (typeof url !== 'string') return { type: 'blob', modality };
  const placeholder = dataUrlPlaceholder(url);
  return placeholder ?? { type: 'uri', modality, uri: url };
}
