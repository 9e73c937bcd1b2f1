import { safely } from '../../config/safely';
import type { Span } from '../../telemetry/api';
import { standIn } from '../../telemetry/follow';
import { defineInstrument } from '../kit/define';
import { patch } from '../kit/wrap';
import { isInSpan, noteRoute, runStep, startStep } from './span-around';

type Middleware = ((this: unknown, ...args: unknown[]) => unknown) & { router?: Router };

/** @koa/router's, whose middleware is all of it. */
interface Router {
  stack?: { path?: unknown; stack: Middleware[] }[];
}

interface Context {
  _matchedRoute?: unknown;
  _matchedRouteName?: string;
}

const WHERE = 'the Koa instrument';
const SCOPE = '@opentelemetry/instrumentation-koa';

/**
 * What takes the place of an app's middleware does so only in the list that Koa makes its one function of. `app.middleware` and
 * what `use` says stay the app's.
 */
export const instrument = defineInstrument({
  id: 'koa',
  patchModule({ exports }) {
    const { prototype } = (exports.default ?? exports) as { prototype: object };
    patch((wrap) => {
      wrap(prototype, 'callback', (original) => {
        const method = {
          callback(this: unknown, ...args: unknown[]) {
            const app = this as { middleware: Middleware[] };
            const property = Object.getOwnPropertyDescriptor(app, 'middleware');
            const own: unknown = property?.writable ? property.value : undefined;
            if (!Array.isArray(own)) return original.apply(this, args);
            app.middleware = followedList(own as Middleware[]);
            try {
              return original.apply(this, args);
            } finally {
              app.middleware = own as Middleware[];
            }
          },
        };
        return method.callback;
      });
    });
  },
});

/** The very list for whoever reads it later as well: middleware may be added while the app runs. */
function followedList(list: Middleware[]): Middleware[] {
  return new Proxy(list, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      return typeof key === 'string' && /^\d+$/.test(key) && typeof value === 'function'
        ? (safely(WHERE, () => followedMiddleware(value as Middleware)) ?? value)
        : value;
    },
  });
}

const standIns = new WeakMap<Middleware, Middleware>();

function followedMiddleware(middleware: Middleware): Middleware {
  const known = standIns.get(middleware);
  if (known) return known;
  const { router } = middleware;
  const name = middleware.name || 'anonymous';
  const replacement = standIn<Middleware>(middleware, (original, self, args) => {
    const step = () => Reflect.apply(original, self, args);
    if (!isInSpan()) return step();
    if (router) {
      safely(WHERE, () => followRoutes(router));
      return step();
    }
    const start = () =>
      startStep(SCOPE, `middleware - ${name}`, { 'koa.name': name, 'koa.type': 'middleware' });
    return runStep(WHERE, start, step);
  });
  standIns.set(middleware, replacement);
  return replacement;
}

/** How many routes of a router's are followed. */
const routesFollowed = new WeakMap<object, number>();

/** The router puts the lists of its routes together for each request, out of reach of anybody. */
function followRoutes({ stack: routes = [] }: Router): void {
  for (const { path, stack } of routes.slice(routesFollowed.get(routes) ?? 0)) {
    for (const [index, middleware] of stack.entries()) stack[index] = followedRoute(middleware, String(path));
  }
  routesFollowed.set(routes, routes.length);
}

function followedRoute(middleware: Middleware, path: string): Middleware {
  return standIn<Middleware>(middleware, (original, self, args) => {
    const start = () => (isInSpan() ? startRoute(args[0] as Context, path) : undefined);
    return runStep(WHERE, start, () => Reflect.apply(original, self, args));
  });
}

function startRoute({ _matchedRoute: matched, _matchedRouteName: name }: Context, path: string): Span {
  if (matched) noteRoute(String(matched));
  return startStep(SCOPE, name || `router - ${path}`, {
    'koa.name': path,
    'koa.type': 'router',
    'http.route': path,
  });
}
