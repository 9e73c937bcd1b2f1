/** Whether this is a worker thread. Costs nothing, which loading `worker_threads` would not. */
export const isThread = (): boolean => (process.abort as { disabled?: boolean }).disabled === true;

/** By this name a thread finds what the one that started it has for it; nothing lists what there is. */
export const HANDED_OVER = 'respan';

/** Where a thread tells the one that started it where its last words are. */
export const channelOf = (threadId: number): string => `respan, thread ${threadId}`;

/** Set by `respan run` for its child: where it takes spans in. */
export const RUN_SOCKET_VARIABLE = 'RESPAN_RUN_SOCKET';
