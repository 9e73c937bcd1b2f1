import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
export const cache = `${root}/.cache`;
export const register = `${root}/dist/register.js`;
export const cli = `${root}/dist/cli.js`;
export const fixtures = `${root}/fixtures`;
