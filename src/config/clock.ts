import { performance as nodes, type Performance } from 'perf_hooks';

/**
 * Node's clock, as it was when something was traced first: an app's tests put others in its place, and count how often
 * these are asked.
 */
export const performance: Pick<Performance, 'now' | 'timeOrigin'> = {
  now: nodes.now.bind(nodes),
  timeOrigin: nodes.timeOrigin,
};
