import { type Server, serverOf } from './genai/providers';
import { asArray, asDict, asDicts, asNumber, asString, type Dict } from './genai/read';
import type { Message, ModelRequest, Part, Sender } from './genai/types';
import type { HttpApi, HttpOperation, HttpRequest } from './http-api/types';
import { defineInstrument } from './kit/define';

/**
 * CrewAI is Python; from Node a deployed crew is started over HTTP (CrewAI AMP, or the same API elsewhere), answers
 * with an id at once, and is asked for its status until it is done.
 */
const isCrew = ({ address }: Server): boolean => /(^|\.)crewai\.com$/.test(address);

/** Where crews were started: what has such a path elsewhere may be anything. */
const started = new Set<string>();
const MAX_STARTED = 100;

const kickoffApi: HttpApi = {
  instrument: 'crew',
  shape: 'crew',
  library: 'crew',
  provider: 'crewai',
  path: /\/kickoff$/,
  fits: (body, { url }) => {
    if (asDict(body.inputs) === undefined) return false;
    if (started.size < MAX_STARTED) started.add(url.host);
    return true;
  },
  operation: () => kickoff,
};

const statusApi = (path: RegExp): HttpApi => ({
  ...kickoffApi,
  method: 'GET',
  path,
  isAt: (server) =>
    isCrew(server) || started.has(`${server.address}:${server.port}`) || started.has(server.address),
  fits: () => true,
  body: (_body, { url }: HttpRequest) => ({ id: path.exec(url.pathname)?.[1] }),
  operation: () => status,
});

export const instrument = defineInstrument({
  id: 'crew',
  httpApis: [kickoffApi, statusApi(/\/status\/([\w-]+)$/), statusApi(/\/([\w-]+)\/status$/)],
});

function request(sender: Sender): Partial<ModelRequest> {
  const server = serverOf(sender.baseURL);
  return {
    operation: 'invoke_workflow',
    provider: 'crewai',
    serverAddress: server?.address,
    serverPort: server?.port,
  };
}

export const kickoff: HttpOperation = {
  spanSuffix: 'kickoff',
  request: (body, sender) => {
    const inputs = asDict(body.inputs);
    return {
      ...request(sender),
      messages: inputs ? [{ role: 'user', parts: [{ type: 'input', content: inputs }] }] : [],
    };
  },
  response: (answer) => ({ extra: { 'crew.kickoff.id': asString(asDict(answer)?.kickoff_id) } }),
};

export const status: HttpOperation = {
  spanSuffix: 'status',
  request: ({ id }, sender) => ({ ...request(sender), extra: { 'crew.kickoff.id': asString(id) } }),
  response: (answer) => {
    const body = asDict(answer) ?? {};
    return {
      messages: outputOf(body),
      extra: {
        'crew.run.state': asString(body.status) ?? asString(body.state),
        'crew.execution.seconds': asNumber(body.execution_time),
      },
    };
  },
};

/** What the crew came to, and each of its tasks. */
function outputOf(body: Dict): Message[] {
  const result = asDict(body.result);
  const parts: Part[] = asDicts(asArray(result?.tasks)).map((task) => ({ ...task, type: 'task' }));
  const output = asString(body.result) ?? asString(result?.output) ?? asString(body.error);
  if (output) parts.push({ type: 'text', content: output });
  return parts.length > 0 ? [{ role: 'assistant', parts }] : [];
}
