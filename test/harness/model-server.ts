import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Names and values as they were sent. */
  rawHeaders: string[];
  body: string;
}

export interface ModelServer {
  url: string;
  requests: SeenRequest[];
  close(): Promise<void>;
}

/** The names of the headers of each request, by its path: values tell of versions and times. */
export const headerNamesOf = ({ requests }: Pick<ModelServer, 'requests'>): Record<string, string[]> =>
  Object.fromEntries(
    requests.map(({ path, rawHeaders }) => [path, rawHeaders.filter((_, at) => at % 2 === 0).sort()]),
  );

/**
 * Answers chat completions in the way of OpenAI, and anything else with its path; keeps what it was sent.
 * `/held` is answered when `held` has settled.
 */
export async function startModelServer(held?: Promise<void>): Promise<ModelServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', async () => {
      const path = request.url ?? '';
      if (path === '/held') await held;
      requests.push({
        method: request.method ?? '',
        path,
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body,
      });
      response.writeHead(path.includes('/status/') ? Number(path.split('/').pop()) : 200, {
        'content-type': 'application/json',
      });
      if (path.endsWith('/chat/completions')) response.end(JSON.stringify(completion));
      else response.end(JSON.stringify({ path }));
    });
    request.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [
    { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'the secret answer' } },
  ],
  usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
};
