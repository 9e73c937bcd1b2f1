import { environment, rememberSettings } from '../config/environment';
import { performance, setTimeout } from '../config/real-clock';
import { safely } from '../config/safely';
import { shared } from '../config/shared';

const INTERVAL_MILLIS = 250;
/** The part of the time in which the event loop has something to do. */
const IDLE = 0.2;

/**
 * Starts the telemetry, and does `more`, when the process has nothing else to do, which in a server is when it waits for its first
 * request. A script is not held up: its first call does the same. AWS Lambda stops the process meanwhile, and gives it more
 * of a processor before.
 */
export function warmUp(more: () => void): void {
  const start = () =>
    void safely('the start of the telemetry', () => {
      const { telemetry } = require('../telemetry/telemetry') as typeof import('../telemetry/telemetry');
      telemetry();
      more();
    });
  rememberSettings();
  if (environment.get('AWS_LAMBDA_RUNTIME_API')) start();
  else outsideOfAll(() => whenIdle(start));
}

function whenIdle(step: () => void): void {
  const before = performance.eventLoopUtilization();
  setTimeout(() => {
    if (performance.eventLoopUtilization(before).utilization < IDLE) step();
    else whenIdle(step);
  }, INTERVAL_MILLIS).unref();
}

/** The app's contexts are not kept alive by a timer of ours. */
function outsideOfAll(step: () => void): void {
  const outside = shared()?.outside;
  if (outside) outside(step);
  else step();
}
