export interface Colors {
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string) => text;
const sgr = (on: number, off: number) => (text: string) => (text ? `\u001b[${on}m${text}\u001b[${off}m` : '');

export const NO_COLORS: Colors = { dim: same, red: same, yellow: same, cyan: same };

export const COLORS: Colors = { dim: sgr(2, 22), red: sgr(31, 39), yellow: sgr(33, 39), cyan: sgr(36, 39) };

/** Whether to write colours: FORCE_COLOR says so, NO_COLOR forbids it, otherwise a terminal is asked for. */
export function wantsColors(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: terminal } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no) return false;
  return isTerminal && terminal !== 'dumb';
}
