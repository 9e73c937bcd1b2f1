import { builtin } from '../../config/builtin';
import { environment } from '../../config/environment';
import { safely } from '../../config/safely';
import { channelOf, RUN_SOCKET_VARIABLE } from '../../config/threads';
import type { LeftBehind } from '../../telemetry/threads/left-behind';
import { patchWorkerClass } from './worker-class';

type Threads = typeof import('worker_threads');
type Worker = import('worker_threads').Worker;
/** A port like any other, to `receiveMessageOnPort` as well. */
type Channel = InstanceType<Threads['BroadcastChannel']> & import('worker_threads').MessagePort;

const WHERE = 'the end of a thread';

const channels = new Map<object, Channel>();
/** Of those that have told of something. */
const known = new Map<object, LeftBehind>();

/**
 * What a thread has not sent when it ends is sent by the one that started it. Called inside the constructor of the worker,
 * before any code of it runs. Under `respan run` nobody has to.
 */
export function followWorker(message: object): void {
  // For those that are made from now on, where it was not seen that the module is loaded.
  safely(WHERE, patchWorkerClass);
  if (environment.get(RUN_SOCKET_VARIABLE) !== undefined) return;
  const { worker } = message as { worker: Worker };
  const { BroadcastChannel } = builtin<Threads>('worker_threads');
  const channel = new BroadcastChannel(channelOf(worker.threadId)) as Channel;
  channel.onmessage = (event: unknown) =>
    void safely(WHERE, () => hear(worker, (event as { data: unknown }).data));
  channel.unref();
  channels.set(worker, channel);
  followExits(worker);
}

/** Its code, and the telemetry, are loaded when a thread has something to leave. */
function hear(worker: object, memory: unknown): void {
  const { leftBehindBy } =
    require('../../telemetry/threads/left-behind') as typeof import('../../telemetry/threads/left-behind');
  known.set(worker, leftBehindBy(memory, takeAll));
}

let isFollowing = false;

/** Before the app hears of it: what it does then may be the end of everything. */
function followExits(worker: Worker): void {
  const prototype = Object.getPrototypeOf(worker) as Record<symbol, (...args: unknown[]) => unknown>;
  const name = symbolOnChain(prototype, 'kOnExit');
  if (!name) {
    worker.once('exit', () => takeOver(worker, false));
    return;
  }
  if (isFollowing) return;
  isFollowing = true;
  const { target, symbol } = name;
  const onExit = target[symbol]!;
  target[symbol] = function (this: Worker, ...args) {
    takeOver(this, false);
    return Reflect.apply(onExit, this, args);
  };
}

/** An app may have made a class of its own of Worker. */
function symbolOnChain<T extends object>(
  prototype: T,
  description: string,
): { target: T; symbol: symbol } | undefined {
  for (let target: T | null = prototype; target; target = Object.getPrototypeOf(target) as T | null) {
    const symbol = Object.getOwnPropertySymbols(target).find((one) => one.description === description);
    if (symbol) return { target, symbol };
  }
  return undefined;
}

function takeOver(worker: object, isAlive: boolean): void {
  const channel = channels.get(worker);
  if (!channel) return;
  channels.delete(worker);
  safely(WHERE, () => {
    const { receiveMessageOnPort } = builtin<Threads>('worker_threads');
    // What came while this thread had other work.
    for (let told = receiveMessageOnPort(channel); told; told = receiveMessageOnPort(channel)) {
      hear(worker, told.message);
    }
    channel.close();
    known.get(worker)?.takeOver(isAlive);
  });
  known.delete(worker);
}

/** This process, or this thread, ends, and all it has started with it. */
function takeAll(): void {
  for (const worker of [...channels.keys()]) takeOver(worker, true);
}
