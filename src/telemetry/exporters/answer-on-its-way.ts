import { readSync } from 'fs';
import type { ClientRequest } from 'http';
import type { Socket } from 'net';

type WithHandle = Socket & {
  _handle?: { fd?: number; writeQueueSize?: number } | null;
  secureConnecting?: boolean;
};

/** What was read: a status, `answered` where it cannot be read (it is encrypted), `closed`, or `nothing` in all that time. */
export type AnswerOnItsWay = number | 'answered' | 'closed' | 'nothing';

const PAUSE_MILLIS = 2;

/**
 * Whether all of the request is with the operating system, which delivers it whatever becomes of this process: the
 * backend may well take it, so it must not be sent again.
 */
export function isWritten(request: ClientRequest): boolean {
  const socket = request.socket as WithHandle | null;
  if (!socket || socket.connecting || socket.secureConnecting || socket.destroyed) return false;
  return request.writableFinished && socket.writableLength === 0 && !socket._handle?.writeQueueSize;
}

/** Waits for the answer to a written request where nothing asynchronous happens any more. */
export function readAnswer(request: ClientRequest, isSecure: boolean, millis: number): AnswerOnItsWay {
  const fd = (request.socket as WithHandle | null)?._handle?.fd;
  // On Windows it cannot be seen.
  if (fd === undefined || fd < 0) return 'answered';
  const end = performance.now() + millis;
  const chunk = Buffer.alloc(64 * 1024);
  let text = '';
  for (;;) {
    try {
      const bytes = readSync(fd, chunk);
      if (bytes === 0) return 'closed';
      if (isSecure) return 'answered';
      text += chunk.toString('latin1', 0, bytes);
      const status = statusIn(text);
      if (status !== undefined) return status;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return 'closed';
      if (performance.now() >= end) return 'nothing';
      pause();
    }
  }
}

/** The status of the answer behind any that are only informational. */
function statusIn(text: string): number | undefined {
  const head = /^(?:HTTP\/1\.[01] 1\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n)*HTTP\/1\.[01] ([2-5]\d\d)/.exec(
    text,
  );
  return head ? Number(head[1]) : undefined;
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLIS);
}
