/* Checkpoints over machines that stop: whatever step it was at, what was acknowledged is found again, whole. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { CheckpointFolder, type Checkpoint } from '#checkpoint';
import { SimDisk } from '#testkit';

const path = 'state/job';
const of = (epoch: number): Checkpoint => ({
  job: 'job',
  incarnation: 'a',
  epoch,
  takenAt: 1000 + epoch,
  plan: 'p',
  parallelism: 1,
  finished: false,
  form: 'checkpoint',
  parts: new Map([
    ['source#0', Uint8Array.from({ length: 5 + epoch }, (_, i) => (i * 7 + epoch) & 255)],
    ['empty#0', new Uint8Array(0)],
    ['sink#0', Uint8Array.of(epoch, 1, 2)],
  ]),
});
class Stopped extends Error {}

/** Writes checkpoints until the machine stops, in front of step `stopAt`; returns the last that was acknowledged. */
async function writeUntil(disk: SimDisk, stopAt: number, retained = 2): Promise<number> {
  let step = 0;
  disk.before = () => {
    if (++step === stopAt) throw new Stopped();
  };
  const folder = new CheckpointFolder(disk, path, retained);
  let acknowledged = 0;
  try {
    for (let epoch = 1; epoch <= 4; epoch++) {
      await folder.write(of(epoch));
      acknowledged = epoch;
    }
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown;
  }
  disk.before = () => {};
  return acknowledged;
}
async function stepsOfAll(): Promise<number> {
  const disk = new SimDisk(new Rng(1));
  await writeUntil(disk, Infinity);
  return [...disk.calls.values()].reduce((a, b) => a + b, 0);
}

test('wherever the machine stops, the last acknowledged checkpoint or a later one is there, whole', async () => {
  const steps = await stepsOfAll();
  let later = 0;
  for (let stopAt = 1; stopAt <= steps + 1; stopAt++) {
    for (let seed = 0; seed < 12; seed++) {
      const disk = new SimDisk(new Rng(seed * 1000 + stopAt));
      const acknowledged = await writeUntil(disk, stopAt);
      disk.crash();
      const { checkpoint, broken } = await new CheckpointFolder(disk, path, 2).newest();
      const place = `step ${stopAt}, seed ${seed}`;
      expect(broken, place).toEqual([]);
      expect(checkpoint?.epoch ?? 0, place).toBeGreaterThanOrEqual(acknowledged);
      if (checkpoint === undefined) continue;
      expect(checkpoint, place).toEqual(of(checkpoint.epoch));
      if (checkpoint.epoch > acknowledged) later++;
    }
  }
  expect(later, 'some were there before they were acknowledged').toBeGreaterThan(0);
});

test('a start after a crash goes on, and what it writes is found', async () => {
  for (let seed = 0; seed < 30; seed++) {
    const rng = new Rng(seed);
    const disk = new SimDisk(new Rng(seed));
    await writeUntil(disk, 1 + rng.below(await stepsOfAll()));
    disk.crash();
    const { checkpoint } = await new CheckpointFolder(disk, path, 2).newest();
    const next = (checkpoint?.epoch ?? 0) + 1;
    await new CheckpointFolder(disk, path, 2).write(of(next));
    disk.crash();
    expect((await new CheckpointFolder(disk, path, 2).newest()).checkpoint).toEqual(of(next));
  }
});

test('as many are kept as is asked for, and nothing else', async () => {
  for (const retained of [1, 3]) {
    const disk = new SimDisk(new Rng(1));
    await writeUntil(disk, Infinity, retained);
    const epochs = [1, 2, 3, 4].slice(-retained);
    expect(disk.files).toEqual(
      epochs.flatMap((e) => [`${path}/chk-${e}/_metadata`, `${path}/chk-${e}/state`]),
    );
  }
});

test('a full disk fails the checkpoint and leaves the one before', async () => {
  const disk = new SimDisk(new Rng(1));
  const folder = new CheckpointFolder(disk, path, 2);
  await folder.write(of(1));
  disk.room = 4;
  await expect(folder.write(of(2))).rejects.toMatchObject({ class: 'external', message: /ENOSPC/ });
  disk.crash();
  expect((await folder.newest()).checkpoint?.epoch).toBe(1);
});

test('what was damaged is told, and the one before it is used', async () => {
  for (const name of ['_metadata', 'state']) {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimDisk(new Rng(seed));
      const folder = new CheckpointFolder(disk, path, 2);
      await folder.write(of(1));
      await folder.write(of(2));
      disk.corrupt(`${path}/chk-2/${name}`);
      const { checkpoint, broken } = await folder.newest();
      expect(checkpoint).toEqual(of(1));
      expect(broken).toMatchObject([
        { code: 'CHK2001', message: new RegExp(`chk-2/${name} cannot be used`) },
      ]);
    }
  }
});

test('a state that is away, cut short, or of a later version', async () => {
  const disk = new SimDisk(new Rng(1));
  const folder = new CheckpointFolder(disk, path, 2);
  await folder.write(of(1));
  const whole = (await disk.read(`${path}/chk-1/state`))!;
  await disk.write(`${path}/chk-1/state`, [whole.subarray(0, whole.length - 1)]);
  expect((await folder.newest()).broken).toMatchObject([{ message: /ends at byte \d+, within "sink#0"/ }]);
  await disk.remove(`${path}/chk-1/state`);
  expect((await folder.newest()).broken).toMatchObject([{ message: /it is not there/ }]);
  expect(await folder.info()).toMatchObject({ epoch: 1 });
});
