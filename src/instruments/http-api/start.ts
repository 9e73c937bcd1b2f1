import { isTracingSuppressed } from '@opentelemetry/core';
import { context } from '../../telemetry/api';
import { isUntracedByApp } from '../../telemetry/context';
import { modelCallOf } from '../../telemetry/model-call-context';
import { telemetry } from '../../telemetry/telemetry';
import { Exchange } from './exchange';
import { candidatesFor } from './recognise';
import type { HttpRequest, WatchedApis } from './types';

/**
 * The exchange to be told of what happens to `request`, where it may be a model call that nobody traces yet: those of
 * client libraries are, and exports of traces are nobody's call.
 */
export function exchangeFor(
  request: HttpRequest,
  { apis, blockedClients }: WatchedApis,
  carrier: object,
): Exchange | undefined {
  if (modelCallOf(context.active()) !== undefined) return undefined;
  if (isTracingSuppressed(context.active()) || isUntracedByApp()) return undefined;
  if (blockedClients?.test(request.header('user-agent') ?? '')) return undefined;
  const candidates = candidatesFor(request, apis, telemetry().config.modelHosts);
  return candidates && new Exchange(candidates, request, carrier);
}
