import { safely } from '../../config/safely';
import { type Context, context } from '../../telemetry/api';
import { followed, standIn } from '../../telemetry/follow';
import { asDict, asString, asText } from '../genai/read';
import type { ModelRequest } from '../genai/types';
import { beginCall } from '../kit/begin';
import { defineInstrument } from '../kit/define';
import { followGenerator } from '../kit/follow-stream';
import type { ModelCall } from '../kit/model-call';
import { unchangedRequest } from '../kit/provider-request';
import { patch, type Wrapper } from '../kit/wrap';
import { asked, callOf, created, failed, finish, seen, unanswered } from './open-predictions';
import { EventAccumulator, predictionError, predictionRequest, predictionResponse } from './prediction';

/**
 * `replicate` 0.34 and 1. `run` and `stream` are made of `predictions.create`, `wait` and `predictions.get`, which apps
 * use as well; `run` answers with the output alone, so what is known of its prediction is seen inside. Clients bind the
 * functions of lib/ when they are made.
 */
export const instrument = defineInstrument({
  id: 'replicate',
  patchModule({ path, exports }) {
    patch((wrap) => {
      if (path === 'lib/predictions') {
        wrap(
          exports,
          'create',
          creating(([options], client) => createRequest(options, client)),
        );
        wrap(exports, 'get', looking);
        wrap(exports, 'cancel', looking);
      } else if (path === 'lib/deployments') {
        const request: Request = ([owner, name, options], client) =>
          predictionRequest(owner && `${asText(owner)}/${asText(name)}`, options, client);
        if (exports.predictions) wrap(exports.predictions, 'create', creating(request));
      } else {
        // The module is the class; an app hands it over under its name.
        const { prototype } = (exports.Replicate ?? exports) as { prototype?: object };
        if (!prototype) return;
        wrap(prototype, 'run', running);
        wrap(prototype, 'stream', streaming);
        wrap(prototype, 'wait', waiting);
        wrap(prototype, 'request', unchangedRequest('replicate'));
      }
    });
  },
});

type Request = (args: unknown[], client: unknown) => ModelRequest;

const where = 'the replicate instrument';

/** The prediction of the `run` or `stream` that a context is inside, as it was seen last. */
interface Inner {
  /** An app may make others meanwhile, where it is told of the progress of this one. */
  isBegun?: boolean;
  prediction?: unknown;
}

const INNER = Symbol('respan: prediction of a replicate call');
const innerOf = (active: Context): Inner | undefined => active.getValue(INNER) as Inner | undefined;

function begin(method: string, request: Request, args: unknown[], client: unknown): ModelCall | undefined {
  return safely(where, () =>
    beginCall(
      { instrument: 'replicate', name: `replicate.${method}` },
      () => request(args, client),
      () => request([], client),
    ),
  );
}

function createRequest(options: unknown, client: unknown): ModelRequest {
  const { model, version } = asDict(options) ?? {};
  const request = predictionRequest(model ?? version, options, client);
  // A version alone says which model it is only to Replicate.
  if (!model && !asString(version)?.includes(':'))
    request.extra = { 'replicate.model.version': asString(version) };
  return request;
}

const running: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const call = begin(
      'run',
      ([ref, options], client) => predictionRequest(ref, options, client),
      args,
      this,
    );
    if (!call) return original.apply(this, args);
    const inner: Inner = {};
    const run = withInner(call, inner);
    return settled(
      {
        ...call,
        run,
        fail: (error) => call.fail(predictionError(inner.prediction) ?? error, partial(inner)),
      },
      () => original.apply(this, args),
      (output) => finish(call, inner.prediction ?? { output }),
    );
  };

/** Runs `fn` inside of `call`, which ends with what comes of it. */
function settled(call: ModelCall, fn: () => unknown, onValue: (value: unknown) => void): unknown {
  let result: unknown;
  try {
    result = call.run(fn);
  } catch (error) {
    safely(where, () => call.fail(error));
    throw error;
  }
  if (result instanceof Promise) return followed(result, onValue, call.fail);
  call.succeed();
  return result;
}

const partial = ({ prediction }: Inner) => (prediction ? predictionResponse(prediction) : undefined);

const withInner =
  (call: ModelCall, inner: Inner): ModelCall['run'] =>
  (fn) =>
    call.run(() => context.with(context.active().setValue(INNER, inner), fn));

/** The code of a generator runs when somebody asks it for something: until then there is no request. */
const streaming: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const generator = original.apply(this, args) as AsyncGenerator<unknown>;
    safely(where, () => whenStarted(generator, () => begin('stream', streamRequest, args, this)));
    return generator;
  };

const streamRequest: Request = ([ref, options], client) => ({
  ...predictionRequest(ref, options, client),
  stream: true,
});

function whenStarted(generator: AsyncGenerator<unknown>, start: () => ModelCall | undefined): void {
  let isStarted = false;
  const next = standIn(generator.next, (_original, self, args) => {
    if (!isStarted) {
      isStarted = true;
      safely(where, () => {
        Reflect.deleteProperty(generator, 'next');
        const call = start();
        if (call) followEvents(generator, call);
      });
    }
    // A loop asks for `next` once and keeps it.
    return Reflect.apply(generator.next, self, args);
  });
  Object.defineProperty(generator, 'next', { value: next, configurable: true, writable: true });
}

function followEvents(generator: AsyncIterator<unknown>, call: ModelCall): void {
  const inner: Inner = {};
  const accumulator = new EventAccumulator(() => inner.prediction);
  const ofStream: ModelCall = {
    ...call,
    run: withInner(call, inner),
    succeed(response) {
      const error = predictionError(accumulator.prediction());
      if (error) call.fail(error, response);
      else call.succeed(response);
    },
  };
  followGenerator(generator, ofStream, accumulator);
}

/** `predictions.create`: a call of its own, or a step of `run` or `stream`. */
const creating =
  (request: Request): Wrapper =>
  (original) =>
    function (this: unknown, ...args: unknown[]) {
      const inner = innerOf(context.active());
      if (inner && !inner.isBegun) {
        inner.isBegun = true;
        return noting(inner, original.apply(this, args));
      }
      const call = begin('predictions.create', request, args, this);
      if (!call) return original.apply(this, args);
      return settled(
        call,
        () => original.apply(this, args),
        (prediction) => created(call, prediction),
      );
    };

/** `predictions.get` and `cancel`, by an app that waits for its prediction, or inside of `run` and `wait`. */
const looking: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const inner = innerOf(context.active());
    if (inner?.prediction && asDict(inner.prediction)?.id === args[0]) {
      return noting(inner, original.apply(this, args));
    }
    const call = callOf(args[0]);
    if (!call) return original.apply(this, args);
    safely(where, () => asked(args[0]));
    const result = call.run(() => original.apply(this, args));
    return result instanceof Promise ? followed(result, seen, (error) => unanswered(args[0], error)) : result;
  };

function noting(inner: Inner, result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  return followed(
    result,
    (prediction) => {
      inner.prediction = prediction;
    },
    () => {},
  );
}

const waiting: Wrapper = (original) =>
  function (this: unknown, ...args: unknown[]) {
    const id = asDict(args[0])?.id;
    const result = original.apply(this, args);
    if (!callOf(id) || !(result instanceof Promise)) return result;
    return followed(
      result,
      () => {},
      (error) => failed(id, error),
    );
  };
