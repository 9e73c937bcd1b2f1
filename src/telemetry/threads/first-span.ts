import { builtin } from '../../config/builtin';
import { environment, settingsToHandOver } from '../../config/environment';
import type { HandedOver } from '../../config/in-thread';
import { safely } from '../../config/safely';
import { shared } from '../../config/shared';
import { HANDED_OVER, isThread } from '../../config/threads';
import { context, propagation, trace } from '../api';
import { setStartContext } from '../context';
import { type Carrier, carrierOf, contextOf, traceCarrierOf, withoutBaggage } from './carrier';

type Threads = typeof import('worker_threads');

const WHERE = 'threads and processes';

let isInEnvironment = false;

/** What this process (by its environment) or this thread was started for is what its first spans belong to. */
export function joinStarter(propagators: readonly string[]): void {
  const usesEnvironment = propagators.includes('tracecontext');
  isInEnvironment = usesEnvironment;
  if (!propagators.includes('baggage')) withoutBaggage();
  safely(WHERE, () => {
    const carrier = handedOver() ?? (usesEnvironment ? inEnvironment() : undefined);
    if (!carrier) return;
    const started = contextOf(carrier);
    // What cannot be read is nobody's trace.
    const { inherited, isWithoutContent } = carrier;
    if (trace.getSpanContext(started) || propagation.getBaggage(started) || inherited || isWithoutContent) {
      setStartContext(started);
    }
  });
}

function handedOver(): Carrier | undefined {
  if (!isThread()) return undefined;
  const { getEnvironmentData } = builtin<Threads>('worker_threads');
  return (getEnvironmentData(HANDED_OVER) as HandedOver | undefined)?.carrier as Carrier | undefined;
}

const VARIABLES = ['TRACEPARENT', 'TRACESTATE', 'BAGGAGE'];

function inEnvironment(): Carrier | undefined {
  const [traceparent, tracestate, baggage] = VARIABLES.map((name) => environment.get(name));
  return traceparent === undefined && baggage === undefined
    ? undefined
    : { traceparent, tracestate, baggage };
}

/**
 * Called before the first span: from now on there is something that threads and processes can belong to. What starts them
 * without a look at our code is seen in places that cost nothing meanwhile.
 */
export function carryOn(): void {
  safely(WHERE, carryIntoThreads);
  shared()?.builtinLoaded?.('worker_threads');
  if (isInEnvironment) safely(WHERE, carryIntoSynchronousProcesses);
}

/**
 * A worker is started with what `setEnvironmentData` has set, which the app sees only by its name. Its constructor asks for
 * `start` of a port right before that leaves; hardly anything else does.
 */
function carryIntoThreads(): void {
  const { prototype } = MessagePort as unknown as { prototype: object };
  const { value: start, ...rest } = Object.getOwnPropertyDescriptor(prototype, 'start') ?? {};
  if (typeof start !== 'function') return;
  Object.defineProperty(prototype, 'start', {
    configurable: true,
    enumerable: rest.enumerable ?? true,
    get() {
      safely(WHERE, () => {
        const { setEnvironmentData } = builtin<Threads>('worker_threads');
        const execArgv = shared()?.shownFlags;
        const given: HandedOver = {
          carrier: carrierOf(context.active()),
          settings: settingsToHandOver(),
          ...(execArgv && { execArgv }),
        };
        setEnvironmentData(HANDED_OVER, given as never);
      });
      return start;
    },
    set(value: unknown) {
      Object.defineProperty(this, 'start', { ...rest, value });
    },
  });
}

interface SpawnSync {
  spawn(options: { envPairs?: string[] }): unknown;
}

/** `spawnSync`, `execSync` and `execFileSync` meet in Node's own function for them. */
function carryIntoSynchronousProcesses(): void {
  // The permission model does not give it, and where deprecations are told of this would be one.
  const { NODE_OPTIONS = '', NODE_PENDING_DEPRECATION } = process.env;
  const flags = [...process.execArgv, NODE_OPTIONS].join(' ');
  if (NODE_PENDING_DEPRECATION === '1' || flags.includes('--pending-deprecation')) return;
  const inside = process as NodeJS.Process & { binding(name: string): SpawnSync };
  const binding = attempt(() => inside.binding('spawn_sync'));
  if (!binding) return;
  const { spawn } = binding;
  binding.spawn = function (this: unknown, options) {
    carryIntoProcess(options?.envPairs);
    return spawn.call(this as SpawnSync, options);
  };
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

/** To the environment of a process that is about to start, as pairs: the span that is active now. */
export function carryIntoProcess(pairs: unknown): void {
  safely(WHERE, () => {
    if (!isInEnvironment || !Array.isArray(pairs)) return;
    const carrier = traceCarrierOf(context.active());
    if (!carrier) return;
    // Where the app says itself what its child belongs to, that is so.
    if (carrier.traceparent !== undefined && isInherited(pairs, 'TRACEPARENT')) {
      put(pairs, 'TRACEPARENT', carrier.traceparent);
      put(pairs, 'TRACESTATE', carrier.tracestate);
    }
    if (carrier.baggage !== undefined && isInherited(pairs, 'BAGGAGE')) {
      put(pairs, 'BAGGAGE', carrier.baggage);
    }
  });
}

function isInherited(pairs: readonly string[], name: string): boolean {
  const given = pairs.find((pair) => pair.startsWith(`${name}=`));
  return given === undefined || given === `${name}=${process.env[name]}`;
}

function put(pairs: string[], name: string, value: string | undefined): void {
  const at = pairs.findIndex((pair) => pair.startsWith(`${name}=`));
  if (at >= 0) pairs.splice(at, 1);
  if (value !== undefined) pairs.push(`${name}=${value}`);
}
