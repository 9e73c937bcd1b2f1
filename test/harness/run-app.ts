import { spawn } from 'node:child_process';
import { type NodeName, nodeBinary } from './nodes';
import { register } from './paths';

export interface AppRun {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Path of the app, or its arguments from the path on. */
  app: string | string[];
  node?: NodeName;
  /** How respan is started; `none` is the run without us that others are compared with. */
  preload?: 'import' | 'require' | 'node-options' | 'none';
  /** Flags of node before the preload. */
  flags?: string[];
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** A safety net, not a measure: a hanging app is killed and the test fails on its signal. */
  timeoutMillis?: number;
}

/** Runs a small real app in a process of its own, with nothing of the test's settings in its environment. */
export function runApp(options: RunOptions): Promise<AppRun> {
  const { app, node = '20', preload = 'import', flags = [], timeoutMillis = 60_000 } = options;
  const preloadFlags = preload === 'import' || preload === 'require' ? [`--${preload}`, register] : [];
  return run(nodeBinary(node), [...flags, ...preloadFlags, ...[app].flat()], {
    cwd: options.cwd,
    timeoutMillis,
    env: {
      ...(preload === 'node-options' && { NODE_OPTIONS: `--require ${JSON.stringify(register)}` }),
      ...options.env,
    },
  });
}

export function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string | undefined>; timeoutMillis?: number; input?: string },
): Promise<AppRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...cleanEnvironment(), ...options.env } as NodeJS.ProcessEnv,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(options.input);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMillis ?? 60_000);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** The test's environment without anything that steers tracing or node. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const steering = /^(RESPAN|OTEL|TRACELOOP|OPENAI|ANTHROPIC|NODE|VITEST|npm)_/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !steering.test(name) && name !== 'NODE_OPTIONS'),
  );
}
