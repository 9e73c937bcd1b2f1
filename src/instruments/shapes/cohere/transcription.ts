import { uploadedFile } from '../../genai/media';
import { asDict, asNumber, asString } from '../../genai/read';
import type { WireOperation } from '../../genai/types';
import { baseRequest, textMessage } from './request';

/** `/v2/audio/transcriptions`. */
export const transcription: WireOperation = {
  spanSuffix: 'transcription',
  request: (body, sender) => ({
    ...baseRequest('transcription', body, sender),
    temperature: asNumber(body.temperature),
    outputType: 'text',
    messages: [{ role: 'user', parts: [uploadedFile(body.file, 'audio')] }],
  }),
  response: (answer) => ({ messages: textMessage('assistant', asString(asDict(answer)?.text)) }),
};
