/**
 * `npm test`: everything that must hold, in the order in which it is cheapest to find out. Arguments go to
 * vitest. The last line counts what passed and failed: each check is one, and so is each test. What is skipped, because
 * something is not installed, is named; with NOTHING_SKIPPED=1 it has failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { resolve } = createRequire(import.meta.url);
const biome = resolve('@biomejs/biome/bin/biome');
const tsc = resolve('typescript/bin/tsc');
const vitest = join(dirname(resolve('vitest/package.json')), 'vitest.mjs');

const count = { passed: 0, failed: 0, skipped: 0 };

check('lint', biome, 'check', '--log-level=warn', '.');
check('types', tsc, '--noEmit');
const isBuilt = check('build', 'scripts/build.mjs') && check('public types', 'scripts/types.mjs');
// Tests run against dist/: an old one would tell nothing.
if (isBuilt) runTests();

const { passed, failed, skipped } = count;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = count.failed > 0 ? 1 : 0;

function check(name, ...command) {
  const isPassed = node(command) === 0;
  count[isPassed ? 'passed' : 'failed'] += 1;
  console.log(`${isPassed ? '✓' : '✗'} ${name}`);
  return isPassed;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'respan-test-'));
  const file = join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const status = node([vitest, 'run', ...reporters, ...process.argv.slice(2)]);
  const results = readResults(file);
  rmSync(folder, { recursive: true });

  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = results;
  // A file that does not even load has no tests that could be counted as failed.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed),
  ).length;
  count.passed += numPassedTests;
  count.failed += numFailedTests + brokenFiles;
  if (process.argv.length === 2) countSkipped(testResults);
  // Neither has an error between tests, or a runner that ended early.
  if (status !== 0 && numFailedTests + brokenFiles === 0) count.failed += 1;
}

/** With arguments, the rest is skipped on purpose. */
function countSkipped(testResults) {
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending'),
  );
  for (const { fullName } of skipped) console.log(`skipped: ${fullName}`);
  count[process.env.NOTHING_SKIPPED === '1' ? 'failed' : 'skipped'] += skipped.length;
}

function isFailed({ status }) {
  return status === 'failed';
}

function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

function node(command) {
  const { status, error } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status;
}
