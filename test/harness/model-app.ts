import { readFileSync } from 'node:fs';
import { fixtures } from './paths';
import { tempApp } from './temp-app';

/** A folder with fixtures/settings/call.mjs as app.mjs and a real openai; made anew for each test. */
export function modelApp(files: Record<string, string> = {}): string {
  const call = readFileSync(`${fixtures}/settings/call.mjs`, 'utf8');
  const manifest = JSON.stringify({ name: 'settings-app', private: true });
  return tempApp({ 'package.json': manifest, 'app.mjs': call, ...files }, { openai: 'openai-5' });
}
