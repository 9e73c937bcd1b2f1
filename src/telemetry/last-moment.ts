import type { Destination } from './destinations';
import type { LastRequest } from './last-request';
import { postInOtherProcess } from './post-in-other-process';

const TOO_LATE = 'no answer before the app ended';

/**
 * The very end of the process, after which nothing asynchronous happens any more: what is finished leaves now, however
 * long it takes up to `deadline` (by performance.now()).
 */
export function exportNow(destinations: readonly Destination[], deadline: number): void {
  const left = () => Math.max(0, Math.floor(deadline - performance.now()));
  const requests: LastRequest[] = [];
  for (const destination of destinations) {
    // Others write as they are told to, or not at all.
    if (destination.lastRequests) requests.push(...destination.lastRequests(deadline));
    else void destination.flush();
  }
  const isUnderway = ({ waitForAnswer }: LastRequest) => waitForAnswer !== undefined;
  post(
    requests.filter((request) => !isUnderway(request)),
    left(),
  );
  const again: LastRequest[] = [];
  for (const request of requests.filter(isUnderway)) {
    const result = request.waitForAnswer?.(left());
    if (result) request.done(result);
    else again.push(request);
  }
  post(again, left());
}

function post(requests: readonly LastRequest[], millis: number): void {
  if (requests.length === 0) return;
  const { answers, failure = TOO_LATE } = postInOtherProcess(requests, millis);
  requests.forEach((request, i) => {
    const answer = answers[i];
    request.done(answer ? request.read(answer) : { ok: false, retryable: true, reason: failure });
  });
}
