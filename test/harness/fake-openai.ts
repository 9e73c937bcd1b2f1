/**
 * A package that looks like openai where it is hooked, and answers without a network. Written into a test's
 * node_modules to see what becomes of libraries that behave oddly.
 */
export interface FakeOpenai {
  name?: string;
  version?: string;
  format?: 'commonjs' | 'module';
  /** Source behind the class `Completions`. */
  oddity?: string;
  /** Folder below the app, instead of node_modules/openai. */
  folder?: string;
}

export function fakeOpenai(options: FakeOpenai = {}): Record<string, string> {
  const {
    name = 'openai',
    version = '5.0.0',
    format = 'commonjs',
    oddity = '',
    folder = 'node_modules/openai',
  } = options;
  const isModule = format === 'module';
  const completions = `
class Completions {
  constructor(client) { this._client = client; }
  async create(body) {
    return {
      id: 'chatcmpl-1',
      model: body.model,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'the answer' } }],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    };
  }
}
${oddity}
${isModule ? 'export { Completions };' : 'exports.Completions = Completions;'}
`;
  const main = `
${isModule ? "import { Completions } from './resources/chat/completions/completions.js';" : "const { Completions } = require('./resources/chat/completions/completions.js');"}
class OpenAI {
  baseURL = 'http://127.0.0.1:1/v1';
  chat = { completions: new Completions(this) };
}
${isModule ? 'export default OpenAI;' : 'module.exports = OpenAI;'}
`;
  return {
    [`${folder}/package.json`]: JSON.stringify({ name, version, type: format, main: 'index.js' }),
    [`${folder}/index.js`]: main,
    [`${folder}/resources/chat/completions/completions.js`]: completions,
  };
}

/** Apps that make one call with it. */
export const CALL = `.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] })`;
export const REQUIRE_APP = `const OpenAI = require('openai');
new OpenAI()${CALL}.then((answer) => console.log(answer.choices[0].message.content));
`;
export const IMPORT_APP = `import OpenAI from 'openai';
const answer = await new OpenAI()${CALL};
console.log(answer.choices[0].message.content);
`;
