/**
 * `npm run test:latest`: the end-to-end tests of each library against its newest published version, where that is
 * newer than the newest one in fixtures/sdks. Arguments pick packages by a part of their name. Prints a table, and exits 1 where something
 * fails: a new version works differently, or only says something else; the snapshots tell which. Build first.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const trees = join(root, 'fixtures/sdks');
const records = join(root, 'test/e2e/support');
const folder = join(root, '.cache/latest');
const { resolve } = createRequire(import.meta.url);
const vitest = join(dirname(resolve('vitest/package.json')), 'vitest.mjs');
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

const libraries = await withLatest(newestTested().filter(isAskedFor));
const newer = libraries.filter(({ version, latest }) => latest && isOlder(version, latest));
rmSync(folder, { recursive: true, force: true });
for (const library of newer) {
  console.log(`\n${library.package} ${library.latest}, tested so far: ${library.version}\n`);
  library.outcome = install(library) ?? test(library);
}
console.log();
for (const line of table(libraries)) console.log(line);
if (libraries.some(({ outcome }) => outcome && outcome.failed !== 0)) process.exitCode = 1;

/** By its record (test/harness/support-record.ts): the newest version of each package that is tested. */
function newestTested() {
  const newest = new Map();
  for (const file of readdirSync(records)) {
    const record = { alias: file.replace(/\.json$/, ''), ...readJson(join(records, file)) };
    const known = newest.get(record.package);
    if (!known || isOlder(known.version, record.version)) newest.set(record.package, record);
  }
  return [...newest.values()].sort((a, b) => (a.package < b.package ? -1 : 1));
}

function isAskedFor({ package: name }) {
  const asked = process.argv.slice(2);
  return asked.length === 0 || asked.some((part) => name.includes(part));
}

async function withLatest(tested) {
  const known = [];
  for (const library of tested) {
    const { stdout } = await promisify(execFile)('npm', ['view', `${library.package}@latest`, 'version'], {
      cwd: root,
    }).catch(() => ({ stdout: '' }));
    known.push({ ...library, latest: stdout.trim() || undefined });
  }
  return known;
}

/** A tree like the one in fixtures/sdks, with the newest version under the same alias, beside what it needs there. */
function install({ alias, package: name, latest }) {
  const tree = readdirSync(trees).find((one) => alias in dependenciesOf(one));
  const target = join(folder, alias, 'sdks', tree);
  const { dependencies, ...manifest } = readJson(join(trees, tree, 'package.json'));
  const companions = Object.entries(dependencies).filter(
    ([other, wanted]) => !wanted.startsWith('npm:') || isNeededBeside(alias, other, dependencies),
  );
  mkdirSync(target, { recursive: true });
  const wanted = { ...Object.fromEntries(companions), [alias]: `npm:${name}@${latest}` };
  writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, dependencies: wanted }, null, 2));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags], { cwd: target, stdio: 'inherit' });
  return status === 0 ? undefined : { passed: 0, failed: 1, first: 'it could not be installed' };
}

/** Other packages of the same family that its app loads as well: the newest version that is tested. */
function isNeededBeside(alias, other, dependencies) {
  const packageOf = (name) => dependencies[name].replace(/@[^@]*$/, '');
  if (packageOf(other) === packageOf(alias)) return false;
  const versions = Object.keys(dependencies).filter((name) => packageOf(name) === packageOf(other));
  return versions.sort((a, b) => (isOlder(versionIn(a), versionIn(b)) ? 1 : -1))[0] === other;
  function versionIn(name) {
    return dependencies[name].split('@').at(-1);
  }
}

function dependenciesOf(tree) {
  try {
    return readJson(join(trees, tree, 'package.json')).dependencies ?? {};
  } catch {
    return {};
  }
}

function test({ alias, test: file }) {
  const results = join(folder, alias, 'results.json');
  spawnSync(
    process.execPath,
    [vitest, 'run', file, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
    // CI: nothing writes a snapshot anew.
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, CI: 'true', FIXTURE_SDKS: join(folder, alias, 'sdks') },
    },
  );
  const { testResults = [] } = existsSync(results) ? readJson(results) : {};
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === 'failed');
  const passed = tests.filter(({ status }) => status === 'passed').length;
  // A file that does not even load has no tests.
  if (passed + failed.length === 0) return { passed, failed: 1, first: 'no test has run' };
  return { passed, failed: failed.length, first: failed[0]?.failureMessages[0]?.split('\n')[0] };
}

function table(all) {
  const rows = all.map(({ package: name, version, latest, outcome }) => {
    if (!latest) return [name, version, '?', 'the registry has no answer'];
    if (!outcome) return [name, version, latest, 'nothing newer'];
    const { passed, failed, first = '' } = outcome;
    return [
      name,
      version,
      latest,
      failed ? `${failed} failed, ${passed} passed: ${first}` : `${passed} passed`,
    ];
  });
  const lines = [['package', 'tested', 'latest', ''], ...rows];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  return lines.map((cells) =>
    cells
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

function isOlder(a, b) {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  const at = left.findIndex((part, index) => part !== right[index]);
  return at >= 0 && left[at] < right[at];
}
