import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { catalog } from '../../src/instruments/catalog';
import { SDK_TREES } from '../harness/app-folder';
import { fixtures, root } from '../harness/paths';
import type { SupportRecord } from '../harness/support-record';

/** The records that the README's tables are made of: each is of an SDK that the tests run, and none is missing. */

const folder = join(root, 'test/e2e/support');
const records = readdirSync(folder).map((file): [string, SupportRecord] => [
  basename(file, '.json'),
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as SupportRecord,
]);

const sdks = Object.assign(
  {},
  ...SDK_TREES.map((tree) => {
    const manifest = readFileSync(join(fixtures, 'sdks', tree, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies;
  }),
) as Record<string, string>;

it.each(records)('%s is a version that is installed', (sdk, record) => {
  expect(sdks[sdk]).toBe(`npm:${record.package}@${record.version}`);
});

/** Run as parts of another package, or known by their names alone: the README says no version of these. */
const WITHOUT_RECORD = [
  '@langchain/core',
  '@langchain/langgraph',
  '@langchain/classic',
  'langsmith',
  '@llamaindex/core',
  '@llamaindex/workflow',
  '@llamaindex/workflow-core',
  '@llama-flow/core',
  '@llamaindex/anthropic',
  '@llamaindex/aws',
  '@llamaindex/cohere',
  '@llamaindex/deepinfra',
  '@llamaindex/google',
  '@llamaindex/huggingface',
  '@llamaindex/jinaai',
  '@llamaindex/mistral',
  '@llamaindex/mixedbread',
  '@llamaindex/ollama',
  '@llamaindex/openai',
  '@llamaindex/portkey-ai',
  '@llamaindex/replicate',
  '@llamaindex/vercel',
  '@llamaindex/voyage-ai',
  '@modelcontextprotocol/server',
  '@openai/agents-core',
];

const rows = catalog.filter(({ category }) => category !== 'infrastructure');

it.each(rows.flatMap(({ id, packages = [] }) => packages.map(({ name }): [string, string] => [name, id])))(
  '%s has a record of %s',
  (name, id) => {
    const seen = records.filter(([, record]) => record.package === name && record.seen[id]?.length);
    expect(seen.length > 0).toBe(!WITHOUT_RECORD.includes(name));
  },
);

it.each(rows.filter(({ packages }) => !packages).map(({ id }) => id))('%s has a record', (id) => {
  expect(records.filter(([, { seen }]) => seen[id]?.length)).not.toEqual([]);
});
