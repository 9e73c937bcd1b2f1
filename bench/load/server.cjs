/**
 * A web app that makes one model call for each request, as fast as it is asked. The model answers at once and inside
 * the process, so that nothing but the app, its HTTP server and its tracing take time. Says where it listens, and at
 * the end (a request for /end) how its heap went.
 */
const { createServer } = require('node:http');
// That of the folder it runs in.
const { OpenAI } = require(require.resolve('openai', { paths: [process.cwd()] }));

const answer = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-2024-11-20',
  choices: [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'the answer '.repeat(20) } },
  ],
  usage: { prompt_tokens: 300, completion_tokens: 60, total_tokens: 360 },
});
const client = new OpenAI({
  apiKey: 'provider-key',
  fetch: async () => new Response(answer, { headers: { 'content-type': 'application/json' } }),
});

let calls = 0;
const every = Number(process.env.SAMPLE_EVERY ?? 10_000);
const heap = [];
/** The slowest answers: what a backend in trouble must not cost the app. */
let slowest = 0;
function sample() {
  globalThis.gc?.();
  heap.push({ calls, heapMB: Math.round(process.memoryUsage().heapUsed / 1e5) / 10 });
}

const server = createServer(async (request, response) => {
  if (request.url === '/end') {
    sample();
    response.end(
      JSON.stringify({ calls, heap, slowest, rssMB: Math.round(process.resourceUsage().maxRSS / 1024) }),
    );
    server.closeAllConnections();
    server.close();
    return;
  }
  const started = performance.now();
  const { choices } = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: `question ${calls}: ${'why '.repeat(100)}` }],
  });
  calls += 1;
  slowest = Math.max(slowest, performance.now() - started);
  if (calls % every === 0) sample();
  response.end(choices[0].message.content);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
