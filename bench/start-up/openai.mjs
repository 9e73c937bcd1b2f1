/** One chat completion over real HTTP, answered in this process, so that no other process is measured. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import OpenAI from '../../fixtures/quickstart/node_modules/openai/index.mjs';

const answer = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 0,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 },
};

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${server.address().port}/v1` });
const completion = await client.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Say hello.' }],
});
if (completion.choices[0].message.content !== 'Hello.') process.exitCode = 1;
server.close();
server.closeAllConnections();
