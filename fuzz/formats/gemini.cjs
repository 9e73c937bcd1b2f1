'use strict';
/** What the Gemini API answers. */
const usageMetadata = {
  promptTokenCount: 9,
  candidatesTokenCount: 3,
  totalTokenCount: 12,
  thoughtsTokenCount: 1,
};
const content = (...parts) => ({ role: 'model', parts });
const whole = (parts, finishReason) => ({
  candidates: [{ index: 0, content: content(...parts), finishReason, safetyRatings: [] }],
  ...{ usageMetadata, modelVersion: 'gemini-2.5-flash', responseId: 'r1' },
});

exports.answer = function answer({ url }, random) {
  if (url.includes('embedContent')) return { json: { embedding: { values: [0.1] } } };
  if (url.includes('batchEmbed')) return { json: { embeddings: [{ values: [0.1] }] } };
  if (url.includes('countTokens')) return { json: { totalTokens: 9 } };
  if (url.includes('predict'))
    return { json: { predictions: [{ bytesBase64Encoded: 'AAAA', mimeType: 'image/png' }] } };
  if (url.includes('streamGenerateContent')) {
    const parts = [whole([{ text: 'Hé' }]), whole([{ text: 'llo 😀' }]), whole([{ text: '' }], 'STOP')];
    return { events: parts.map((data) => ({ data })) };
  }
  if (random.chance(0.3))
    return { json: whole([{ functionCall: { name: 'look', args: { at: 'sky' } } }], 'STOP') };
  return { json: whole([{ text: 'hm', thought: true }, { text: 'Hello.' }], 'STOP') };
};
