import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { defineInstrument, type LoadedModule } from '../kit/define';
import { isObject } from './copied';
import { instrumentation } from './instrumentation';
import { intercepted } from './intercepted';
import { pastUnless } from './past';

type Command = Record<string, unknown>;

/** The command that is being sent, for the span that is started for it. */
let sending: Command | undefined;

const upstream = instrumentation('mongodb', () => new MongoDBInstrumentation({ requireParentSpan: false }), {
  provider: (ours) =>
    intercepted(ours, ({ name, options }, go) => {
      const collection = collectionOf(sending);
      const { attributes } = options ?? {};
      if (!collection || attributes?.['db.collection.name'] !== '$cmd') return go();
      attributes['db.collection.name'] = collection;
      return go().updateName(name.replace('$cmd', collection));
    }),
});

/** Most commands name it first, and are sent to a collection `$cmd`. */
function collectionOf(command: Command | undefined): string | undefined {
  const [first] = Object.values(command ?? {});
  return typeof first === 'string' ? first : undefined;
}

/** What the client says by itself: to see whether a server is there, and when it is closed. */
const OWN = ['ismaster', 'hello', 'endSessions'];

export const instrument = defineInstrument({
  id: 'mongodb',
  patchModule(module) {
    const target = sender(module);
    if (!target) return upstream.patchModule?.(module);
    const isTraced = (_: unknown, args: unknown[]): boolean => {
      const command = args[target.at];
      sending = isObject(command) ? (command as Command) : undefined;
      return sending !== undefined && !OWN.some((name) => name in sending!);
    };
    pastUnless(target.owner, 'command', isTraced, () => upstream.patchModule?.(module));
  },
});

/** What sends commands, and which argument they are: from version 4 on, and before. */
function sender({ exports, path }: LoadedModule): { owner: object; at: number } | undefined {
  if (path === 'lib/core/wireprotocol/index') return { owner: exports, at: 2 };
  if (path !== 'lib/cmap/connection') return undefined;
  const { Connection } = exports as { Connection?: { prototype: object } };
  return Connection && { owner: Connection.prototype, at: 1 };
}
