/** How numbers are written in the terminal. */

export function duration(micros: number): string {
  const millis = Math.max(0, micros) / 1e3;
  if (millis < 1) return `${millis.toFixed(1)} ms`;
  if (millis < 999.5) return `${Math.round(millis)} ms`;
  if (millis < 59_995) return `${(millis / 1e3).toFixed(2)} s`;
  const seconds = Math.round(millis / 1e3);
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `24 → 31 tokens (12 cached)`: in, out, and how much of the input was cached. */
export function tokens(input?: number, output?: number, cached?: number): string {
  if (input === undefined && output === undefined) return '';
  const amounts = output === undefined ? count(input ?? 0) : `${count(input ?? 0)} → ${count(output)}`;
  return `${amounts} tokens${cached ? ` (${count(cached)} cached)` : ''}`;
}

/** Dollars: cents where there are some, else two significant digits. */
export function dollars(value: number): string {
  if (value === 0) return '$0';
  if (value >= 1) return `$${value.toFixed(2)}`;
  if (value >= 0.01) return `$${value.toFixed(4)}`;
  const digits = Math.min(12, 1 - Math.floor(Math.log10(value)));
  return `$${value.toFixed(digits)}`;
}

/** `1 span`, `2 spans`. */
export const plural = (amount: number, word: string): string =>
  `${count(amount)} ${word}${amount === 1 ? '' : 's'}`;

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
