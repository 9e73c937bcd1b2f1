import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'vitest';
import { isTrial, sdkFolder } from './app-folder';
import type { CollectedSpan } from './collector';
import type { NodeName } from './nodes';
import { root } from './paths';

/**
 * What the README's tables say of a library is what its tests have seen: each SDK version leaves a record in
 * test/e2e/support, `npm run docs` makes the tables of these, and a record that no longer holds fails its test.
 */
export interface SupportRecord {
  package: string;
  version: string;
  /** The file with its tests. */
  test: string;
  /** The Nodes on which it ran in an app of ES modules, and of CommonJS. */
  esm: NodeName[];
  cjs: NodeName[];
  /** By instrument, what its spans had in every run. */
  seen: Record<string, string[]>;
}

export interface SupportRun {
  format: 'mjs' | 'cjs';
  node: NodeName;
  spans: CollectedSpan[];
}

type Shown = (span: CollectedSpan) => boolean;

const has = ({ attributes }: CollectedSpan, ...names: string[]): boolean =>
  names.some((name) => attributes[name] !== undefined && attributes[name] !== 0);

const hasResult = ({ events }: CollectedSpan, ...names: string[]): boolean =>
  events.some(({ attributes }) => names.some((name) => attributes[name] !== undefined));

const isKind = ({ attributes }: CollectedSpan, kind: string, operation: string): boolean =>
  attributes['traceloop.span.kind'] === kind || attributes['gen_ai.operation.name'] === operation;

/** What spans can show. Of a fact with several parts each has to be there, in one span or another. */
const FACTS: Record<string, Shown | Shown[]> = {
  streaming: (span) =>
    span.attributes['gen_ai.request.stream'] === true &&
    has(span, 'gen_ai.response.time_to_first_chunk') &&
    !has(span, 'error.type'),
  tokens: (span) => has(span, 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'),
  cost: (span) => has(span, 'gen_ai.usage.cost'),
  content: [
    (span) =>
      has(span, 'gen_ai.input.messages', 'traceloop.entity.input', 'db.query.text', 'db.vector.query.filter'),
    (span) =>
      has(span, 'gen_ai.output.messages', 'traceloop.entity.output') ||
      hasResult(span, 'db.query.result.document', 'db.query.result.metadata'),
  ],
  queries: (span) => has(span, 'db.query.text', 'db.vector.query.top_k', 'db.vector.query.filter'),
  results: (span) => hasResult(span, 'db.query.result.score', 'db.query.result.distance'),
  workflows: (span) => isKind(span, 'workflow', 'invoke_workflow'),
  agents: (span) => isKind(span, 'agent', 'invoke_agent'),
  tools: (span) => isKind(span, 'tool', 'execute_tool'),
};

/** The facts of each instrument that has spans among these. */
function factsOf(spans: CollectedSpan[]): Map<string, string[]> {
  const instruments = new Set(spans.flatMap(({ scope }) => /^respan\.(.+)/.exec(scope)?.[1] ?? []));
  return new Map(
    [...instruments].map((instrument) => {
      const own = spans.filter(({ scope }) => scope === `respan.${instrument}`);
      const isSeen = ([, parts]: [string, Shown | Shown[]]) => [parts].flat().every((part) => own.some(part));
      return [
        instrument,
        Object.entries(FACTS)
          .filter(isSeen)
          .map(([fact]) => fact),
      ];
    }),
  );
}

/** The record of one SDK version, an alias of fixtures/sdks, after these runs. */
export function supportRecord(sdk: string, test: string, runs: SupportRun[]): SupportRecord {
  const manifest = join(sdkFolder(sdk), 'package.json');
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string };
  const nodesOf = (format: SupportRun['format']): NodeName[] =>
    [...new Set(runs.filter((run) => run.format === format).map(({ node }) => node))].sort();
  const [first = new Map<string, string[]>(), ...others] = runs.map(({ spans }) => factsOf(spans));
  const seen = [...first]
    .map(([instrument, facts]): [string, string[]] => [
      instrument,
      facts.filter((fact) => others.every((other) => other.get(instrument)?.includes(fact))).sort(),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    package: name,
    version,
    test,
    esm: nodesOf('mjs'),
    cjs: nodesOf('cjs'),
    seen: Object.fromEntries(seen),
  };
}

/** As the formatter has it: lists of words on one line. */
export function recordText(record: object): string {
  const text = JSON.stringify(record, null, 2);
  return `${text.replace(/\[\s+([^\]{]*?)\s+\]/g, (_, items: string) => `[${items.replace(/\s+/g, ' ')}]`)}\n`;
}

/** A notebook for the runs of a test file; its own test comes behind theirs. */
export function keepSupportRecords(): {
  saw(sdk: string, run: SupportRun): void;
  /** Declares the tests that compare with what is committed; `expected` is how many runs each of `sdks` has. */
  describeRecords(sdks: string[], expected: (sdk: string) => number): void;
} {
  const runs = new Map<string, SupportRun[]>();
  return {
    saw(sdk, run) {
      runs.set(sdk, [...(runs.get(sdk) ?? []), run]);
    },
    describeRecords(sdks, expected) {
      // What is tried with other versions is no news for the README.
      if (isTrial) return;
      describe.each(sdks)('what the README says of %s', (sdk) => {
        it('is what was seen', async ({ expect }) => {
          const seen = runs.get(sdk) ?? [];
          expect(seen.length, 'runs to the end').toBe(expected(sdk));
          const test = relative(root, expect.getState().testPath ?? '').replaceAll('\\', '/');
          await expect(recordText(supportRecord(sdk, test, seen))).toMatchFileSnapshot(
            `../e2e/support/${sdk}.json`,
          );
        });
      });
    },
  };
}
