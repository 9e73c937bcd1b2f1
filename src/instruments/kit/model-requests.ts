import { telemetry } from '../../telemetry/telemetry';
import { isModelServer, isVectorStoreVendor } from '../genai/providers';

/** Paths that nothing but a model API has. */
const MODEL_PATH =
  /\/chat\/completions(?:\?|$)|\/models\/[^/]+:\w*(?:[gG]enerateContent|[eE]mbedContents?)|\/model\/[^/]+\/(?:converse|invoke)/;

/**
 * Paths that are known as model calls by their bodies at any host. Headers are on their way before the body is: an app's own
 * service with such a path has to do without the trace, since what goes to a model must not change.
 */
const PERHAPS_MODEL_PATH =
  /\/(?:completions|responses|embeddings|v1\/messages|kickoff|indexes\/[^/]+\/(?:search|embed|documents))(?:\?|$)/;

/** A header of Anthropic's alone, whose paths an app's own chat may have. */
const MODEL_HEADER = /^anthropic-version$/i;

export interface OutgoingRequest {
  method: string;
  address: string;
  port: number;
  /** With the query. */
  path: string;
  headerNames: readonly string[];
}

/** Whether a request goes to a vendor of models or of a vector store, whatever made it, and has to leave as the app made it. */
export function isModelRequest({ method, address, port, path, headerNames }: OutgoingRequest): boolean {
  if (isModelServer(address, port) || isVectorStoreVendor(address) || MODEL_PATH.test(path)) return true;
  if (method.toUpperCase() === 'POST' && PERHAPS_MODEL_PATH.test(path)) return true;
  if (headerNames.some((name) => MODEL_HEADER.test(name))) return true;
  const { modelHosts } = telemetry().config;
  return `${address}:${port}` in modelHosts || address in modelHosts;
}
