import type { ClientRequest } from 'http';
import { followNode } from './node-requests';
import type { WatchedApis } from './types';
import { followUndici, type UndiciRequest } from './undici-requests';

/** What tells of a request: undici as it is made, node:http as it is made, or (Node 20) as it is sent. */
export type RequestKind = 'undici' | 'node' | 'node, sent';

/** Follows one outgoing request to its end, if it may be a call that is watched; answers with whose it may be. */
export function followRequest(kind: RequestKind, request: object, watched: WatchedApis): string[] {
  const exchange =
    kind === 'undici'
      ? followUndici(request as UndiciRequest, watched)
      : followNode(request as ClientRequest, watched, kind === 'node, sent');
  return exchange?.instruments ?? [];
}
