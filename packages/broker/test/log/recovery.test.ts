/* What a start finds after a crash: torn tails, missing and wrong indexes, exchanges of segments that were cut short. */

import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allStable, append, DiskRig, recordsOf, settings } from './log-rig.ts';

const small = { ...settings, segmentBytes: 300, indexIntervalBytes: 100 };
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i} value ${i}`);

function filled(count: number, logSettings = small): DiskRig {
  const rig = new DiskRig();
  const log = rig.open(logSettings);
  for (let i = 0; i < count; i++) append(log, [`value ${i}`]);
  return rig;
}
const filesOf = (rig: DiskRig, suffix: string): string[] =>
  readdirSync(rig.folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(rig.folder, name));
const contentsOf = (rig: DiskRig): Record<string, string> =>
  Object.fromEntries(readdirSync(rig.folder).map((n) => [n, readFileSync(join(rig.folder, n), 'hex')]));

test('a torn tail is cut, wherever it is torn', () => {
  const whole = filled(2, settings);
  const file = filesOf(whole, '.log')[0]!;
  const bytes = readFileSync(file);
  const first = 12 + bytes.readInt32BE(8);
  for (let length = 0; length < bytes.length; length++) {
    const rig = new DiskRig();
    rig.open(settings);
    writeFileSync(filesOf(rig, '.log')[0]!, bytes.subarray(0, length));
    const log = rig.open(settings);
    expect(recordsOf(log)).toEqual(length < first ? [] : texts(1));
    append(log, ['more']);
    expect(recordsOf(rig.open(settings)).at(-1)).toMatch(/ more$/);
  }
});

test('a bit that fell over ends the log there, and later segments go', () => {
  const rig = filled(20);
  const files = filesOf(rig, '.log');
  const bytes = readFileSync(files[1]!);
  bytes[bytes.length - 1]! ^= 4;
  writeFileSync(files[1]!, bytes);
  const log = rig.open(small);
  expect(recordsOf(log)).toEqual(texts(log.endOffset));
  expect(log.endOffset).toBeLessThan(20);
  expect(filesOf(rig, '.log')).toEqual(files.slice(0, 2));
  expect(rig.lines.join()).toContain('were no whole batch');
});

test('segments below the recovery point are not read', async () => {
  const rig = filled(20);
  const log = rig.open(small);
  append(log, ['value 20']);
  await log.flush();
  expect(rig.marks.recoveryPoint).toBeGreaterThan(0);
  const [first] = filesOf(rig, '.log');
  const bytes = readFileSync(first!);
  bytes[bytes.length - 1]! ^= 4;
  writeFileSync(first!, bytes);
  expect(rig.open(small).endOffset).toBe(21);
});

test.each(['.index', '.timeindex'])('a missing, torn or foreign %s is made again', async (suffix) => {
  const rig = filled(20);
  await rig.open(small).close();
  const right = contentsOf(rig);
  for (const spoil of [
    (path: string) => rmSync(path),
    (path: string) => appendFileSync(path, 'x'),
    (path: string) => writeFileSync(path, Buffer.alloc(24, 0x7f)),
  ])
    for (const path of filesOf(rig, suffix)) {
      const recoveryPoint = rig.marks.recoveryPoint;
      spoil(path);
      rig.files.closeAll();
      const cleanly = suffix === '.index';
      rig.marks.recoveryPoint = cleanly ? recoveryPoint : 0;
      const log = rig.open(small, cleanly);
      expect(recordsOf(log)).toEqual(texts(20));
      await log.close();
      expect(contentsOf(rig)).toEqual(right);
    }
});

test('a clean end opens to the same log and the same files', async () => {
  const rig = filled(50);
  await rig.open(small).close();
  const right = contentsOf(rig);
  const log = rig.open(small, true);
  expect(recordsOf(log)).toEqual(texts(50));
  append(log, ['value 50']);
  expect(recordsOf(log)).toEqual(texts(51));
  await log.close();
  const again = rig.open(small, true);
  await again.close();
  expect(Object.keys(contentsOf(rig)).length).toBeGreaterThanOrEqual(Object.keys(right).length);
});

test('the start that was kept counts, and outlives the segments behind it', async () => {
  const rig = filled(20);
  const log = rig.open(small);
  log.startAt(17);
  expect(rig.open(small).startOffset).toBe(17);
  expect(rig.open(small).retain(0)).toBe(true);
  expect(recordsOf(rig.open(small))).toEqual(texts(20).slice(17));
  rig.files.closeAll();
  for (const path of filesOf(rig, '')) rmSync(path);
  const empty = rig.open(small);
  expect([empty.startOffset, empty.endOffset]).toEqual([17, 17]);
  expect(append(empty, ['x'])).toBe(17);
});

/** A compacted log, and its folder at each step that the exchange of segments goes through. */
test('an exchange of segments is finished or undone at every point', async () => {
  const compacted = { ...small, compact: true };
  const rig = new DiskRig();
  const log = rig.open(compacted);
  for (let i = 0; i < 30; i++) append(log, [{ key: `k${i % 3}`, value: `${i}` }]);
  const before = new Map(readdirSync(rig.folder).map((n) => [n, readFileSync(join(rig.folder, n))]));
  const all = recordsOf(log);
  expect(await log.compact(0, allStable)).toBe(true);
  await log.close();
  const left = recordsOf(rig.open(compacted, true));
  const after = new Map(readdirSync(rig.folder).map((n) => [n, readFileSync(join(rig.folder, n))]));
  expect(left.length).toBeLessThan(all.length);

  const made = '00000000000000000000';
  const kinds = ['.timeindex', '.index', '.log'];
  const old = [...before.keys()].filter((name) => !after.has(name) || name.startsWith(made)).sort();
  type Step = (folder: string) => void;
  const steps: Step[] = [
    ...kinds.map(
      (kind): Step =>
        (f) =>
          writeFileSync(join(f, `${made}${kind}.cleaned`), after.get(made + kind)!),
    ),
    ...kinds.map(
      (kind): Step =>
        (f) =>
          renameSync(join(f, `${made}${kind}.cleaned`), join(f, `${made}${kind}.swap`)),
    ),
    ...old.map(
      (name): Step =>
        (f) =>
          renameSync(join(f, name), join(f, `${name}.deleted`)),
    ),
    ...kinds.map(
      (kind): Step =>
        (f) =>
          renameSync(join(f, `${made}${kind}.swap`), join(f, made + kind)),
    ),
  ];
  for (let done = 0; done <= steps.length; done++) {
    const crashed = new DiskRig();
    crashed.open(compacted);
    rmSync(crashed.folder, { recursive: true });
    new DiskRig(crashed.folder).open(compacted);
    crashed.files.closeAll();
    for (const [name, bytes] of before) writeFileSync(join(crashed.folder, name), bytes);
    for (const step of steps.slice(0, done)) step(crashed.folder);
    const opened = crashed.open(compacted);
    const found = recordsOf(opened);
    const latest = (records: readonly string[]): string[] =>
      ['k0', 'k1', 'k2'].map((key) => records.findLast((r) => r.includes(`${key}=`))!);
    expect(latest(found)).toEqual(latest(all));
    expect(all).toEqual(expect.arrayContaining(found));
    if (done < kinds.length * 2) expect(found).toEqual(all);
    expect(opened.endOffset).toBe(30);
    expect(readdirSync(crashed.folder).every((name) => /\.(log|index|timeindex)$/.test(name))).toBe(true);
    await opened.close();
  }
});

test('removed logs leave nothing, and files are let go', async () => {
  const rig = filled(20);
  const log = rig.open(small);
  await log.remove();
  expect(existsSync(rig.folder)).toBe(false);
  expect(rig.files.count).toBe(0);
});
