import type { Server } from '../genai/providers';
import type { Dict } from '../genai/read';
import type { ModelRequest, ModelResponse, Sender, StreamAccumulator } from '../genai/types';

/** A request on its way to somewhere, whatever client sends it. */
export interface HttpRequest {
  method: string;
  url: URL;
  server: Server;
  header(name: string): string | undefined;
}

/**
 * One operation of an API that is known by its requests. What its URL says goes into the body (`body`), so that the
 * mappings of shapes/ find everything in one place.
 */
export interface HttpApi {
  /** The id of the instrument it belongs to. */
  instrument: string;
  /** What RESPAN_MODEL_HOSTS calls the API. */
  shape: string;
  /** The first half of span names, as the client library of this API would have it. */
  library: string;
  /** gen_ai.provider.name where the host is not known. */
  provider: string;
  /** By default POST. */
  method?: string;
  path: RegExp;
  /** Where it is found unless RESPAN_MODEL_HOSTS says more; without it, anywhere. */
  isAt?(server: Server): boolean;
  /** Nothing but a model API has such a path: where the body cannot be seen, the path decides. */
  isDistinct?: boolean;
  /**
   * Whether the body is one of this API: paths alone may be those of the app's own services. `isNamed`: the user says
   * that the host has it.
   */
  fits(body: Dict, request: HttpRequest, isNamed: boolean): boolean;
  body?(body: Dict, request: HttpRequest): Dict;
  /** Loads the mapping, with the first request that needs it; `body` is what the request asks for. */
  operation(body: Dict): HttpOperation;
}

/** A WireOperation, or one of a service that is no model. */
export interface HttpOperation {
  spanSuffix: string;
  request(body: Dict, sender: Sender): Partial<ModelRequest>;
  response(answer: unknown, body: Dict): ModelResponse;
  accumulator?(): StreamAccumulator<unknown>;
}

/** What a request may be a call of. */
export interface WatchedApis {
  apis: readonly HttpApi[];
  /** User agents of libraries that are switched off. */
  blockedClients?: RegExp | undefined;
}
