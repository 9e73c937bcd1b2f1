import { readFileSync } from 'fs';
import { dirname, join } from 'path';
import { env, execArgv, execPath, versions } from 'process';
import { builtin } from '../config/builtin';
import { untraced } from './context';
import type { LastRequest, PostAnswer } from './last-request';

export interface Posted {
  /** In the order of the requests; those that never came are missing. */
  answers: (PostAnswer | undefined)[];
  /** Why there was no other process. */
  failure?: string;
}

/** What a TLS connection or the start of a process depends on; nothing else of the app's is handed over. */
const ENVIRONMENT =
  /^(NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|NODE_TLS_REJECT_UNAUTHORIZED|OPENSSL_.*|SSL_CERT_(FILE|DIR)|SSLKEYLOGFILE|(LD|DYLD)_LIBRARY_PATH|SYSTEMROOT|WINDIR|TZ|LANG|LC_.*)$/i;
const FLAGS =
  /^--(use-(system|openssl|bundled)-ca|tls-[\w.-]+(=.*)?|openssl-[\w-]+(=.*)?|dns-result-order=.*|(no-)?network-family-autoselection(=.*)?)$/;
/** Answers are short; this is room for all of them. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Posts `requests` while this process stands still: a short-lived node gets them on its stdin, with everything secret
 * (neither arguments nor environment, which others may see), and tells the answers on its stdout.
 */
export function postInOtherProcess(requests: readonly LastRequest[], millis: number): Posted {
  const refusal = whyNot();
  if (refusal) return { answers: [], failure: refusal };
  if (millis === 0) return { answers: [] };
  const head = {
    millis,
    requests: requests.map(({ plan, payload }) => ({ plan, bytes: payload.byteLength })),
  };
  const { spawnSync } = builtin<typeof import('child_process')>('child_process');
  try {
    const { stdout, error } = untraced(() =>
      spawnSync(execPath, [...flags(), ...program()], {
        // The app's own may not be there any more, and ours may be in an archive.
        cwd: dirname(execPath),
        env: environment(),
        input: Buffer.concat([
          Buffer.from(`${JSON.stringify(head)}\n`),
          ...requests.map(({ payload }) => payload),
        ]),
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: millis,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_ANSWER_BYTES,
        windowsHide: true,
      }),
    );
    const isLate = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
    return { answers: answersIn(stdout), ...(error && !isLate && { failure: becauseOf(error) }) };
  } catch (error) {
    return { answers: [], failure: becauseOf(error as Error) };
  }
}

const becauseOf = ({ message }: Error): string =>
  `the process ended, and another one that sends them could not be started (${message})`;

function whyNot(): string | undefined {
  const { permission, pkg } = process as {
    permission?: { has(scope: string): boolean };
    pkg?: unknown;
  };
  if (permission?.has('child') === false)
    return 'the process ended, and it may not start another one that sends them (--allow-child-process)';
  // There the executable is the app.
  if (pkg !== undefined || isSingleExecutable())
    return 'the process ended, and an app in one executable cannot start another one that sends them';
  return undefined;
}

function isSingleExecutable(): boolean {
  try {
    return builtin<{ isSea(): boolean }>('node:sea').isSea();
  } catch {
    return false;
  }
}

/** Yarn PnP keeps packages in archives, which only a Node that has loaded PnP can read. */
function program(): string[] {
  const path = join(__dirname, 'last-sender.js');
  return versions.pnp === undefined ? [path] : ['-e', readFileSync(path, 'utf8')];
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => ENVIRONMENT.test(name));
  return { ...Object.fromEntries(kept), ...(versions.electron && { ELECTRON_RUN_AS_NODE: '1' }) };
}

function flags(): string[] {
  const words = [...execArgv, ...(env.NODE_OPTIONS?.split(/\s+/) ?? [])];
  return ['--no-warnings', ...words.filter((word) => FLAGS.test(word))];
}

type Told = { i: number; body?: string } & Record<string, unknown>;

function answersIn(stdout: Buffer | null): (PostAnswer | undefined)[] {
  const answers: (PostAnswer | undefined)[] = [];
  for (const line of stdout?.toString('utf8').split('\n') ?? []) {
    try {
      const { i, body = '', ...rest } = JSON.parse(line) as Told;
      answers[i] = { ...rest, body: Buffer.from(body, 'base64') } as unknown as PostAnswer;
    } catch {
      // Cut off with the process that wrote it.
    }
  }
  return answers;
}
