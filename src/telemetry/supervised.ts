import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { log } from '../config/log';
import type { Config } from '../config/resolve';
import type { Attributes } from './api';
import type { Destination } from './destinations';
import type { Urgency } from './exporter';
import { DEFAULT_PROCESSOR } from './routing';
import { RunChannel } from './run-channel';
import { recordOf } from './span-record';
import { isForUs, startOf, tellNewsSoon } from './told-span';

/** One a process, whatever the settings become. */
const channels = new Map<string, RunChannel>();
/** What the other side was told last. */
let toldConfig: Config | undefined;
let toldResource: Attributes | undefined;

/**
 * Under `respan run` the command line exports: spans go to it as they start and end, and what becomes of this process does
 * not matter to them. Where it is gone (this process outlives it), spans are exported here, by what `createOwn` makes.
 */
export function supervised(path: string, config: Config, createOwn: () => Destination[]): Destination {
  let own: Destination[] | undefined;
  let urgency: Urgency = 'normal';

  /** Undefined where nobody is there any more. */
  function channel(): RunChannel | undefined {
    if (own) return undefined;
    let found = channels.get(path);
    if (!found) {
      found = new RunChannel(path);
      channels.set(path, found);
    }
    return found.isOpen ? found : undefined;
  }

  function ownDestinations(): Destination[] {
    if (!own) {
      log.debug('respan run is not there; spans are exported by this process');
      own = createOwn();
      for (const destination of own) destination.setUrgency(urgency);
    }
    return own;
  }

  function tellConfig(to: RunChannel, { resource }: ReadableSpan): void {
    const { attributes } = resource;
    if (toldConfig === config && toldResource === attributes) return;
    toldConfig = config;
    toldResource = attributes as Attributes;
    to.write({ config, resource: attributes as Attributes });
  }

  return {
    name: DEFAULT_PROCESSOR,
    title: 'respan run',
    onStart(span, context) {
      const to = isForUs(span) ? channel() : undefined;
      if (!to) return;
      tellConfig(to, span);
      to.write({ start: startOf(span, context) });
      tellNewsSoon((news) => channel()?.write(news) ?? false);
    },
    add(span) {
      const to = channel();
      if (to) tellConfig(to, span);
      if (to?.write({ end: recordOf(span, true) })) return;
      for (const destination of ownDestinations()) destination.add(span);
    },
    async exportTogether(spans) {
      const [first] = spans;
      if (!first) return true;
      const to = channel();
      if (to) {
        tellConfig(to, first);
        return await to.ask({ together: spans.map((span) => recordOf(span, true)) });
      }
      const taken = await Promise.all(ownDestinations().map((one) => one.exportTogether(spans)));
      return taken.every(Boolean);
    },
    async flush() {
      // Whoever has told nothing has nothing to wait for.
      if (channels.has(path)) await channel()?.ask({ flush: true });
      if (own) await Promise.all(own.map((destination) => destination.flush()));
    },
    isIdle: () => (channels.get(path)?.isIdle() ?? true) && (own ?? []).every((one) => one.isIdle()),
    setUrgency(now) {
      urgency = now;
      for (const destination of own ?? []) destination.setUrgency(now);
    },
    async shutdown() {
      if (own) await Promise.all(own.map((destination) => destination.shutdown()));
    },
    outlivesUs: () => channel() !== undefined,
    lastRequests(deadline) {
      channels.get(path)?.drain(deadline);
      return (own ?? []).flatMap((destination) => destination.lastRequests?.(deadline) ?? []);
    },
    conclude() {
      const { dropped = 0 } = channels.get(path) ?? {};
      if (dropped > 0)
        log.onceAs('respan run', 'warn', `${dropped} spans are lost: respan run did not keep up`);
      for (const destination of own ?? []) destination.conclude();
    },
  };
}
