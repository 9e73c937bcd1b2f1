import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { copied, isObject } from './copied';
import { instrumentation } from './instrumentation';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Patches = Record<
  '_getSendPatch' | '_getSendBatchPatch' | '_getConsumerRunPatch',
  (...args: unknown[]) => (original: Method) => Method
>;

interface Message {
  headers?: object;
}
interface OfTopic {
  messages: Message[];
}

/**
 * Messages get headers and a consumer's functions get wrapped, each where the app has it: copies do for that. What is no list of
 * messages is the client's to refuse.
 */
export const instrument = instrumentation('kafkajs', () => {
  const made = new KafkaJsInstrumentation();
  withCopies(made, '_getSendPatch', (record) => (isOfTopic(record) ? copyOf(record) : undefined));
  withCopies(made, '_getSendBatchPatch', (batch) => {
    const { topicMessages } = (batch ?? {}) as { topicMessages?: unknown };
    if (!Array.isArray(topicMessages) || !topicMessages.every(isOfTopic)) return undefined;
    return copied(batch as object, { topicMessages: topicMessages.map(copyOf) } as object);
  });
  withCopies(made, '_getConsumerRunPatch', (config) => (isObject(config) ? copied(config) : undefined));
  return made;
});

function withCopies(
  made: KafkaJsInstrumentation,
  name: keyof Patches,
  copy: (given: unknown) => object | undefined,
): void {
  const patches = made as unknown as Patches;
  const patchOf = patches[name];
  patches[name] = (...given) => {
    const patch = patchOf.apply(made, given);
    return (original) => {
      const traced = patch(original);
      return function (...args) {
        const first = copy(args[0]);
        return first ? traced.call(this, first, ...args.slice(1)) : original.apply(this, args);
      };
    };
  };
}

const isOfTopic = (value: unknown): value is OfTopic => {
  const { messages } = (value ?? {}) as Partial<OfTopic>;
  return Array.isArray(messages) && messages.every(isMessage);
};

/** What it refuses it quotes, with the headers. */
const isMessage = (value: unknown): value is Message =>
  isObject(value) && (value as { value?: unknown }).value !== undefined;

const copyOf = (record: OfTopic): OfTopic =>
  copied(record, {
    messages: record.messages.map((message) => copied(message, { headers: copied(message.headers ?? {}) })),
  });
