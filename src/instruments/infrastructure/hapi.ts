import { safely } from '../../config/safely';
import type { Span } from '../../telemetry/api';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { isInSpan, noteRoute, runStep, startStep } from './span-around';

type Method = (this: unknown, ...args: unknown[]) => unknown;

interface Extension {
  nodes?: { func?: unknown }[] | null;
}

interface Request {
  method?: string;
  route?: { path?: string; method?: string; realm?: Realm; settings?: { handler?: unknown } };
  _route?: { _extensions?: Record<string, Extension> };
  _core?: { extensions?: { route?: Record<string, Extension> } };
}

interface Realm {
  plugin?: string;
}

/** With what hapi runs a method; the name is there from 19 on. */
interface Run {
  name?: string;
  realm?: Realm;
  continue?: string;
}

const WHERE = 'the hapi instrument';
const SCOPE = '@opentelemetry/instrumentation-hapi';
const LIFECYCLE = [
  'onRequest',
  'onPreAuth',
  'onCredentials',
  'onPostAuth',
  'onPreHandler',
  'onPostHandler',
  'onPreResponse',
];

/**
 * Everything an app gives hapi to run passes one method, which is given it as it is: so routes, plugins and extensions
 * stay the objects and functions they are. OpenTelemetry's own instrumentation writes into them, which shows, and throws where
 * they are frozen.
 */
export const instrument = defineInstrument({
  id: 'hapi',
  patchModule({ exports }) {
    // A class of its own file, which was all of the file before 19.
    const { prototype } = (exports.Manager ?? exports) as { prototype?: object };
    if (!prototype) return;
    patch((wrap) => {
      wrap(prototype, 'execute', (original) => {
        return function (method, request, run, ...rest) {
          const step =
            typeof method === 'function' && isInSpan()
              ? safely(WHERE, () => followMethod(method as Method, request as Request, run as Run))
              : undefined;
          return original.call(this, step ?? method, request, run, ...rest);
        };
      });
    });
  },
});

/** What hapi runs in the place of `method`, where that is something to tell of. */
function followMethod(method: Method, request: Request, run: Run): Method | undefined {
  const start = whatItIs(method, request, run);
  if (!start) return undefined;
  const followed: Method = function (...args) {
    return runStep(WHERE, start, () => method.apply(this, args));
  };
  // hapi's error messages say it.
  return Object.defineProperty(followed, 'name', { value: method.name });
}

function whatItIs(method: Method, request: Request, run: Run): (() => Span) | undefined {
  const { route } = request;
  const plugin = run.realm?.plugin;
  const by = plugin ? { 'hapi.plugin.name': plugin } : {};
  const prefix = plugin ? `${plugin}: ` : '';
  if (run.continue !== undefined && route && method === route.settings?.handler) {
    // Its own answers where there is no such route.
    if (route.method === '_special') return undefined;
    return () => {
      const { path = '' } = route;
      noteRoute(path);
      return startStep(SCOPE, `${prefix}route - ${path}`, {
        'http.route': path,
        'http.request.method': request.method?.toUpperCase(),
        'hapi.type': plugin ? 'plugin' : 'router',
        ...by,
      });
    };
  }
  const point = run.name ?? pointOf(method, request);
  if (point === undefined || !LIFECYCLE.includes(point)) return undefined;
  // `method` is what it is called in the object it is given in.
  const name = ['ext', point, ...(method.name && method.name !== 'method' ? [method.name] : [])].join(' - ');
  return () =>
    startStep(SCOPE, `${prefix}${name}`, { 'server.ext.type': point, 'hapi.type': 'server.ext', ...by });
}

function pointOf(method: Method, { _route: route, _core: core }: Request): string | undefined {
  const { onRequest } = core?.extensions?.route ?? {};
  const extensions = { onRequest, ...route?._extensions };
  return LIFECYCLE.find((point) =>
    extensions[point as 'onRequest']?.nodes?.some(({ func }) => func === method),
  );
}
