import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { Delivery } from '../../src/telemetry/delivery';
import { Spool } from '../../src/telemetry/exporters/spool';
import { tempFolder } from '../harness/temp-app';

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
});

function spoolIn(
  folder = join(tempFolder(), 'spool'),
  more: { destination?: string; maxBytes?: number } = {},
) {
  const delivery = new Delivery('the backend');
  const spool = new Spool({ folder, maxBytes: 1_000, destination: 'one', delivery, ...more });
  const keep = (text: string, count = 1) => spool.keep(Buffer.from(text), count);
  /** The content of everything that can be claimed. */
  const all = () => {
    const found: string[] = [];
    for (let claim = spool.claim(); claim; claim = spool.claim()) {
      found.push(`${Buffer.from(claim.payload)} ${claim.count}`);
      claim.done();
    }
    return found;
  };
  return { spool, keep, all, delivery, folder, names: () => readdirSync(folder) };
}

it('gives back what it was given, the oldest first, once, and leaves nothing behind', () => {
  const { keep, all, names, delivery } = spoolIn();
  for (const text of ['a', 'b', 'c']) expect(keep(text, 7)).toBe(true);
  expect(delivery.kept).toBe(21);
  expect(all()).toEqual(['a 7', 'b 7', 'c 7']);
  expect(all()).toEqual([]);
  expect(names()).toEqual([]);
});

it('is the owner’s alone', () => {
  const { keep, folder, names } = spoolIn();
  keep('a');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of names()) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

it('gives what one has claimed to nobody else, until it is released', () => {
  const one = spoolIn();
  one.keep('a');
  const claim = one.spool.claim();
  const other = spoolIn(one.folder);
  expect(claim?.isOurs).toBe(true);
  expect(other.all()).toEqual([]);
  claim?.release();
  expect(other.all()).toEqual(['a 1']);
});

it('gives what is for one destination to no other one', () => {
  const one = spoolIn();
  one.keep('a');
  const other = spoolIn(one.folder, { destination: 'two' });
  expect(other.all()).toEqual([]);
  expect(one.all()).toEqual(['a 1']);
});

it('drops the oldest beyond its size, and counts them', () => {
  const { keep, all, delivery } = spoolIn(undefined, { maxBytes: 100 });
  for (const text of ['a', 'b', 'c']) keep(text.repeat(40), 5);
  expect(keep('d'.repeat(101))).toBe(false);
  expect([delivery.kept, delivery.lost]).toEqual([10, 5]);
  expect(all().map(([first]) => first)).toEqual(['b', 'c']);
});

it('claims anew what a process had claimed that is gone, and not what another one holds', () => {
  const { keep, all, folder, names, spool } = spoolIn();
  keep('dead');
  keep('alive');
  const [dead = '', alive = ''] = names().sort();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const host = /^respan-[0-9a-f]+-\d+-([\w-]+)~/.exec(dead)?.[1];
  renameSync(join(folder, dead), join(folder, `${dead}.${host}~${pid}.claimed`));
  renameSync(join(folder, alive), join(folder, `${alive}.${host}~${process.ppid}.claimed`));
  expect(all()).toEqual(['dead 1']);
  renameSync(
    join(folder, `${alive}.${host}~${process.ppid}.claimed`),
    join(folder, `${alive}.elsewhere~1.claimed`),
  );
  expect(spool.claim()).toBeUndefined();
});

it('takes nothing through links, and nothing that is not the user’s', () => {
  const { keep, all, folder, names } = spoolIn();
  keep('mine');
  const [name = ''] = names();
  const secret = join(tempFolder(), 'secret');
  writeFileSync(secret, 'not for the backend');
  symlinkSync(secret, join(folder, name.replace('-1.otlp', '-2.otlp')));
  expect(all()).toEqual(['mine 1']);
  expect(readFileSync(secret, 'utf8')).toBe('not for the backend');
});

it('says once that it cannot be written to, and that is all', () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'taken'), '');
  const { keep, all } = spoolIn(join(folder, 'taken', 'spool'));
  expect([keep('a'), keep('b')]).toEqual([false, false]);
  expect(all()).toEqual([]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^respan: RESPAN_SPOOL_DIR: spans cannot be kept in .*: ENOTDIR/);
});

it('looks at nothing else that lies there', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'respan-folder.otlp'));
  writeFileSync(join(folder, 'notes.txt'), 'x'.repeat(5_000));
  chmodSync(folder, 0o755);
  const { keep, all } = spoolIn(folder);
  keep('a');
  expect(all()).toEqual(['a 1']);
  expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
});
