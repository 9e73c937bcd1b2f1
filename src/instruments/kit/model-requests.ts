import { telemetry } from '../../telemetry/telemetry';
import { isModelServer } from '../genai/providers';

/** Paths that nothing but a model API has. */
const MODEL_PATH =
  /\/chat\/completions(?:\?|$)|\/models\/[^/]+:\w*(?:[gG]enerateContent|[eE]mbedContents?)|\/model\/[^/]+\/(?:converse|invoke)/;

/** A header of Anthropic's alone, whose paths an app's own chat may have. */
const MODEL_HEADER = /^anthropic-version$/i;

/** Whether a request goes to a model vendor, whatever made it, and has to leave as the app made it. */
export function isModelRequest(
  address: string,
  port: number,
  path: string,
  headerNames: readonly string[],
): boolean {
  if (isModelServer(address, port) || MODEL_PATH.test(path)) return true;
  if (headerNames.some((name) => MODEL_HEADER.test(name))) return true;
  const { modelHosts } = telemetry().config;
  return `${address}:${port}` in modelHosts || address in modelHosts;
}
