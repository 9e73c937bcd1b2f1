import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/instruments/catalog';
import { clientsOf } from '../../../src/instruments/http-api/blocked-clients';

const of = (id: string) => clientsOf(catalog.filter((row) => row.id === id))!;

/** As they are put together in the source of each library. */
const USER_AGENTS: Record<string, string> = {
  openai: 'OpenAI/JS 6.8.1',
  anthropic: 'Anthropic/JS 0.68.0',
  groq: 'Groq/JS 0.36.0',
  together: 'Together/JS 0.30.0',
  mistral: 'speakeasy-sdk/typescript 2.7.0 2.884.13 1.0.0 @mistralai/mistralai',
  cohere: 'cohere-ai/7.20.0',
  ollama: 'ollama-js/0.6.2 (x64 linux Node.js/v24.21.0)',
  google_generativeai: 'google-genai-sdk/1.30.0 gl-node/v24.21.0',
  transformers: '@huggingface/inference/4.13.3 Mozilla/5.0',
  bedrock: 'aws-sdk-js/3.940.0 ua/2.1 os/linux lang/js md/nodejs#24.21.0 api/bedrock-runtime#3.940.0 m/N,E,e',
};

describe('the user agents of libraries that are switched off', () => {
  it.each(Object.keys(USER_AGENTS))('%s is known by its own, and by no other', (id) => {
    for (const [other, userAgent] of Object.entries(USER_AGENTS)) {
      expect(of(id).test(userAgent), userAgent).toBe(other === id);
    }
    expect(of(id).test('node')).toBe(false);
    expect(of(id).test('')).toBe(false);
  });

  it('are none where nothing is switched off', () => {
    expect(clientsOf([])).toBeUndefined();
  });
});
