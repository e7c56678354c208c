/* Checkpoints over machines that stop: whatever step it was at, what was acknowledged is found again, whole. */

import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { ExternalError, Rng } from '#base';
import { CheckpointFolder, readCheckpoint, writeWhole, type Checkpoint } from '#checkpoint';
import { blockInOutput, bytesOf, partOf, type BlockTarget, type StatePart } from '#state';
import { SimDisk } from '#testkit';

const path = 'state/job';
/** Blocks of a state that grows: in each epoch some are written anew. */
const blockSize = 40;
const blocksOf = (epoch: number): Uint8Array[] =>
  Array.from({ length: 6 + epoch }, (_, block) => {
    const writtenIn = Math.max(1, block - 5, epoch - ((block * 7) % 4));
    return new Uint8Array(blockSize + (block % 3)).fill(writtenIn * 31 + block);
  });
/** All of it, or what is not as it was in epoch `base`; blocks that are new go to `target`, where there is one. */
function state(epoch: number, base: number | undefined, target?: BlockTarget): StatePart {
  const blocks = blocksOf(epoch);
  const before = base === undefined ? [] : blocksOf(base);
  const chunks: Uint8Array[] = [];
  const places: number[] = [];
  let at = 0;
  for (const [i, block] of blocks.entries()) {
    const isKnown = before[i] !== undefined && Buffer.compare(before[i], block) === 0;
    const isSent = !isKnown && target !== undefined && i % 3 > 0;
    places.push(block.length, isKnown ? at : isSent ? sent(block, target) : -1);
    if (!isKnown && !isSent) chunks.push(block);
    at += block.length;
  }
  return { length: at, blocks: Float64Array.from(places), chunks, output: share };
}
const share = 3;
const sent = (block: Uint8Array, target: BlockTarget): number => {
  // Its memory is used for something else as soon as it is given back.
  const copy = new Uint8Array(block);
  return blockInOutput(target.put(copy, () => copy.fill(255)));
};
const taken = (epoch: number, base: number | undefined, target?: BlockTarget): Checkpoint => ({
  job: 'job',
  incarnation: 'a',
  epoch,
  takenAt: 1000 + epoch,
  plan: 'p',
  parallelism: 1,
  finished: false,
  form: 'checkpoint',
  parts: new Map([
    ['source#0', partOf(Uint8Array.from({ length: 5 + epoch }, (_, i) => (i * 7 + epoch) & 255))],
    ['empty#0', partOf(new Uint8Array(0))],
    ['state#0', state(epoch, base, target)],
    ['sink#0', partOf(Uint8Array.of(epoch, 1, 2))],
  ]),
});
/** What is to be found of it: bytes by part. */
const shown = (checkpoint: Checkpoint | undefined): unknown =>
  checkpoint && { ...checkpoint, parts: [...checkpoint.parts].map(([id, part]) => [id, [...bytesOf(part)]]) };
const of = (epoch: number): unknown => shown(taken(epoch, undefined));
/** In odd epochs blocks go out before the checkpoint is written; one that is given up comes before every third. */
async function next(folder: CheckpointFolder, epoch: number): Promise<number> {
  if (epoch % 3 === 0) {
    sent(Uint8Array.of(1, 2, 3), folder.blocks(epoch + 100, 'a', share));
    await folder.abandonBlocks();
  }
  const target = epoch % 2 === 1 ? folder.blocks(epoch, 'a', share) : undefined;
  return await folder.write(taken(epoch, folder.base, target));
}
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
    for (let epoch = 1; epoch <= 5; epoch++) {
      await next(folder, epoch);
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
      expect(shown(checkpoint), place).toEqual(of(checkpoint.epoch));
      if (checkpoint.epoch > acknowledged) later++;
    }
  }
  expect(later, 'some were there before they were acknowledged').toBeGreaterThan(0);
});

test('a share that is late with a checkpoint that was given up disturbs none of the next', async () => {
  const disk = new SimDisk(new Rng(1));
  const folder = new CheckpointFolder(disk, path, 2);
  sent(Uint8Array.of(1, 2, 3), folder.blocks(1, 'a', share));
  const late = folder.blocks(1, 'a', share + 1);
  const checkpoint = taken(2, undefined, folder.blocks(2, 'a', share));
  for (const target of [late, folder.blocks(1, 'a', share), folder.blocks(1, 'a', share + 1)])
    expect(await new Promise((written) => target.put(Uint8Array.of(7, 7), written))).toHaveProperty(
      'byteLength',
      2,
    );
  await folder.write(checkpoint);
  expect(shown((await new CheckpointFolder(disk, path, 2).newest()).checkpoint)).toEqual(of(2));
  expect(disk.files.some((file) => file.includes('/shared/1-'))).toBe(false);
});

test('a start after a crash goes on, and what it writes is found', async () => {
  for (let seed = 0; seed < 30; seed++) {
    const rng = new Rng(seed);
    const disk = new SimDisk(new Rng(seed));
    await writeUntil(disk, 1 + rng.below(await stepsOfAll()));
    disk.crash();
    const { checkpoint } = await new CheckpointFolder(disk, path, 2).newest();
    const epoch = (checkpoint?.epoch ?? 0) + 1;
    const folder = new CheckpointFolder(disk, path, 2);
    for (let n = 0; n < 3; n++) await next(folder, epoch + n);
    disk.crash();
    expect(shown((await new CheckpointFolder(disk, path, 2).newest()).checkpoint)).toEqual(of(epoch + 2));
  }
});

/** Removes what lies below a folder file by file, the last name first, as a system may. */
class SlowlyRemoved extends SimDisk {
  override async remove(of: string): Promise<void> {
    for (const name of [...this.files].reverse())
      if (name === of || name.startsWith(`${of}/`)) await super.remove(name);
  }
}
test('wherever the process is killed while all is forgotten, the newest checkpoint is there, whole, or none is', async () => {
  const seen = new Set<number>();
  for (let stopAt = 1; stopAt <= 20; stopAt++) {
    const disk = new SlowlyRemoved(new Rng(stopAt));
    await writeUntil(disk, Infinity);
    let step = 0;
    disk.before = () => {
      if (++step === stopAt) throw new Stopped();
    };
    await new CheckpointFolder(disk, path, 2).clear().catch((thrown: unknown) => {
      if (!(thrown instanceof Stopped)) throw thrown;
    });
    disk.before = () => {};
    const { checkpoint, broken } = await new CheckpointFolder(disk, path, 2).newest();
    expect(broken, `step ${stopAt}`).toEqual([]);
    if (checkpoint !== undefined) expect(shown(checkpoint), `step ${stopAt}`).toEqual(of(5));
    seen.add(checkpoint?.epoch ?? 0);
  }
  expect([...seen].sort()).toEqual([0, 5]);
});

/** As a real disk, it syncs only what is there. Who wrote a checkpoint removes it behind whoever removes its manifest. */
class RemovedByTwo extends SimDisk {
  byTwo = true;
  override async remove(of: string): Promise<void> {
    await super.remove(of);
    if (this.byTwo && of.endsWith('/_metadata')) await super.remove(of.slice(0, of.lastIndexOf('/')));
  }
  override async sync(of: string): Promise<void> {
    if (!this.byTwo || ![...this.files].some((name) => name === of || name.startsWith(`${of}/`)))
      throw new ExternalError('SYS2001', { message: `cannot sync ${of}` });
    await super.sync(of);
  }
}
test('a checkpoint that another removes too is no reason to stop; one that is still there is', async () => {
  const disk = new RemovedByTwo(new Rng(1));
  await writeUntil(disk, Infinity);
  await new CheckpointFolder(disk, path, 2).clear();
  expect((await new CheckpointFolder(disk, path, 2).newest()).checkpoint).toBeUndefined();
  const other = new RemovedByTwo(new Rng(1));
  await writeUntil(other, Infinity);
  other.byTwo = false;
  await expect(new CheckpointFolder(other, path, 2).clear()).rejects.toThrow('cannot sync');
});

test('as many are kept as is asked for, with the files that they refer to, and nothing else', async () => {
  for (const retained of [1, 3]) {
    const disk = new SimDisk(new Rng(1));
    await writeUntil(disk, Infinity, retained);
    const epochs = [1, 2, 3, 4, 5].slice(-retained);
    const shared = disk.files.filter((name) => name.startsWith(`${path}/shared/`));
    expect(disk.files.filter((name) => !shared.includes(name))).toEqual(
      epochs.flatMap((e) => [`${path}/chk-${e}/_metadata`, `${path}/chk-${e}/blocks`]),
    );
    expect(shared.length).toBeGreaterThanOrEqual(retained);
    for (const name of shared) {
      const kept = (await disk.read(name))!;
      await disk.remove(name);
      const { checkpoint } = await new CheckpointFolder(disk, path, retained).newest();
      if (retained === 1) expect(checkpoint, `without ${name}`).toBeUndefined();
      await disk.write(name, [kept]);
    }
  }
});

test('a checkpoint writes what changed, and all anew when most of what is stored counts no more', async () => {
  const disk = new SimDisk(new Rng(1));
  const folder = new CheckpointFolder(disk, path, 1);
  const body = new Uint8Array(20 << 20).fill(1);
  const head = (n: number): Uint8Array => new Uint8Array(16 << 20).fill(n);
  const written: boolean[] = [];
  for (let epoch = 1; epoch <= 8; epoch++) {
    const isWhole = folder.base === undefined;
    written.push(isWhole);
    const part: StatePart = {
      length: body.length + (16 << 20),
      blocks: Float64Array.of(16 << 20, -1, body.length, isWhole ? -1 : 16 << 20),
      chunks: isWhole ? [head(epoch), body] : [head(epoch)],
    };
    const bytes = await folder.write({ ...taken(epoch, undefined), parts: new Map([['a#0', part]]) });
    expect(bytes).toBeLessThan((isWhole ? 36 << 20 : 16 << 20) + 1000);
    const found = (await folder.newest()).checkpoint!;
    const bytesFound = bytesOf(found.parts.get('a#0')!);
    expect([bytesFound[0], bytesFound.at(-1)]).toEqual([epoch, 1]);
  }
  // A file of which nothing counts goes; the first one stays for its second half alone.
  expect(written.filter(Boolean).length).toBeLessThan(4);
});

test('a full disk fails the checkpoint and leaves the one before', async () => {
  const disk = new SimDisk(new Rng(1));
  const folder = new CheckpointFolder(disk, path, 2);
  await next(folder, 1);
  disk.room = 4;
  await expect(next(folder, 2)).rejects.toMatchObject({ class: 'external', message: /ENOSPC/ });
  disk.room = Infinity;
  // What failed is no base.
  expect(folder.base).toBe(1);
  await next(folder, 3);
  disk.crash();
  expect(shown((await folder.newest()).checkpoint)).toEqual(of(3));
});

test('what was damaged is told, and the one before it is used', async () => {
  for (const name of ['chk-2/_metadata', 'chk-2/blocks', 'shared/2-a-0']) {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimDisk(new Rng(seed));
      const folder = new CheckpointFolder(disk, path, 2);
      await next(folder, 1);
      await next(folder, 2);
      disk.corrupt(`${path}/${name}`);
      const { checkpoint, broken } = await folder.newest();
      expect(shown(checkpoint)).toEqual(of(1));
      expect(broken).toMatchObject([{ code: 'CHK2001', message: new RegExp(`${name} cannot be used`) }]);
    }
  }
});

test('a file that two checkpoints refer to is damaged for both', async () => {
  const disk = new SimDisk(new Rng(3));
  const folder = new CheckpointFolder(disk, path, 2);
  await next(folder, 1);
  await next(folder, 2);
  await disk.remove(`${path}/shared/1-a-0`);
  const { checkpoint, broken } = await folder.newest();
  expect(checkpoint).toBeUndefined();
  expect(broken.length).toBe(2);
});

test('a state that is away, cut short, or of another version', async () => {
  const disk = new SimDisk(new Rng(1));
  const folder = new CheckpointFolder(disk, path, 2);
  await next(folder, 1);
  const file = `${path}/shared/1-a-0`;
  const whole = (await disk.read(file))!;
  await disk.write(file, [whole.subarray(0, whole.length - 1)]);
  expect((await folder.newest()).broken).toMatchObject([{ message: /ends at byte \d+, within "sink#0"/ }]);
  await disk.remove(file);
  expect((await folder.newest()).broken).toMatchObject([{ message: /it is not there/ }]);
  expect(await folder.info()).toMatchObject({ epoch: 1 });
  const manifest = Buffer.from((await disk.read(`${path}/chk-1/_metadata`))!).toString();
  for (const version of [2, 4]) {
    const [line] = manifest.replace('"version":3', `"version":${version}`).split('\n');
    const sum = crc32(line!).toString(16).padStart(8, '0');
    await disk.write(`${path}/chk-1/_metadata`, [Buffer.from(`${line}\ncrc32 ${sum}\n`)]);
    expect((await folder.newest()).broken).toMatchObject([
      {
        message: expect.stringContaining(
          `of version ${version}, and this program reads checkpoints of version 3`,
        ),
      },
    ]);
  }
});

test('a savepoint stands by itself', async () => {
  const disk = new SimDisk(new Rng(1));
  await writeWhole(disk, 'kept/savepoint-1', { ...taken(3, undefined), form: 'savepoint' });
  expect(disk.files).toEqual(['kept/savepoint-1/_metadata', 'kept/savepoint-1/state']);
  const found = await readCheckpoint(disk, 'kept/savepoint-1');
  expect(shown(found)).toEqual(shown({ ...taken(3, undefined), form: 'savepoint' }));
});
