import { subscribe } from 'diagnostics_channel';
import { join } from 'path';
import { log } from '../config/log';
import { safely } from '../config/safely';
import { shared } from '../config/shared';
import type { CatalogRow } from '../instruments/catalog/row';
import type { RequestKind } from '../instruments/http-api/follow-request';
import { tellsOfNewRequests } from './hook-mode';
import type { Instruments } from './instruments';
import { findRow } from './select';

type HttpNet = typeof import('../instruments/http-api/blocked-clients') &
  typeof import('../instruments/http-api/follow-request');

type RequestMessage = { request: { path?: unknown } };

/**
 * Outgoing requests whose path may be that of an API in the catalog are shown to its instrument, whatever client sends
 * them: calls of bundled libraries, and of those that have no client. For all others this is one look at the path.
 */
export function watchRequests(
  rows: readonly CatalogRow[],
  instruments: Instruments,
  blockInstruments: readonly string[],
): void {
  const watched = rows.filter(({ httpPaths }) => httpPaths);
  if (watched.length === 0) return;
  const paths = new RegExp(watched.map(({ httpPaths }) => httpPaths).join('|'));
  const see = (kind: RequestKind, { request }: RequestMessage): void => {
    const { path } = request;
    if (typeof path !== 'string') return;
    const query = path.indexOf('?');
    const pathname = query < 0 ? path : path.slice(0, query);
    if (paths.test(pathname)) follow(kind, pathname, request);
  };

  /** Whoever blocks a library does not want its calls told in another way. */
  function blockedRows(): CatalogRow[] {
    const inCode = shared()?.options?.settings.blockInstruments ?? [];
    return [...blockInstruments, ...inCode].flatMap((name) => findRow(name) ?? []);
  }

  function follow(kind: RequestKind, pathname: string, request: object): void {
    safely('the HTTP net', () => {
      // Most requests to models are made by a library that is traced: nothing is loaded for those.
      if (shared()?.telemetry?.isInModelCall?.()) return;
      const { clientsOf, followRequest } = require(join(__dirname, 'http-api.js')) as HttpNet;
      const matching = watched.filter(({ httpPaths }) => httpPaths && new RegExp(httpPaths).test(pathname));
      const blocked = blockedRows();
      const apis = matching
        .flatMap((row) => instruments.load(row).httpApis ?? [])
        .filter(({ library }) => !blocked.some(({ id }) => id === library));
      const ids = followRequest(kind, request, { apis, blockedClients: clientsOf(blocked) });
      for (const row of matching) if (ids.includes(row.id)) instruments.announce(row);
      if (ids.length > 0) {
        log.once(
          'debug',
          `${pathname} was called by no library that is traced; one inside of a bundle asks for a plugin (docs/bundlers.md)`,
        );
      }
    });
  }

  subscribe('undici:request:create', (message) => see('undici', message as RequestMessage));
  if (tellsOfNewRequests(process.version)) {
    subscribe('http.client.request.created', (message) => see('node', message as RequestMessage));
  } else {
    const { onOlderNodeRequest } = require('./older-node-requests') as typeof import('./older-node-requests');
    onOlderNodeRequest((request, isSent) => see(isSent ? 'node, sent' : 'node', { request }));
  }
}
