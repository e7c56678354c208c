/* A registry in a folder: what it acknowledged is there after the machine stopped at any step of the disk. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rng, type World } from '#base';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { SimDisk } from '#testkit';
import { call, post } from './rest.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-registry-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const schema = (i: number): object => ({
  schema: JSON.stringify({ type: 'record', name: `R${i}`, fields: [] }),
});
const withDisk = (disk: SimDisk): World => Object.assign(Object.create(realWorld()), { disk }) as World;

test('everything comes back after a stop', async () => {
  const dir = newFolder();
  let registry = await Registry.start({ world: realWorld(), dir });
  await post(registry.url, '/subjects/a/versions', schema(1));
  await post(registry.url, '/subjects/b/versions', schema(2));
  await post(registry.url, '/subjects/:.c:a/versions', schema(3));
  await call(registry.url, 'PUT', '/config/a', { compatibility: 'FULL' });
  await call(registry.url, 'PUT', '/mode', { mode: 'READONLY' });
  await call(registry.url, 'PUT', '/mode', { mode: 'READWRITE' });
  await call(registry.url, 'DELETE', '/subjects/b');
  await registry.stop();
  registry = await Registry.start({ world: realWorld(), dir });
  expect((await call(registry.url, 'GET', '/subjects')).body).toEqual([':.c:a', 'a']);
  expect((await call(registry.url, 'GET', '/subjects?deletedOnly=true')).body).toEqual(['b']);
  expect((await call(registry.url, 'GET', '/config/a')).body).toEqual({ compatibilityLevel: 'FULL' });
  expect((await post(registry.url, '/subjects/d/versions', schema(2))).body).toMatchObject({ id: 2 });
  expect((await post(registry.url, '/subjects/d/versions', {})).status).toBe(200);
  // A deleted subject that comes back for good is gone for good.
  await call(registry.url, 'DELETE', '/subjects/b?permanent=true');
  await registry.stop();
  expect(readFileSync(join(dir, 'schemas.jsonl'), 'utf8')).not.toContain('{"keytype":"SCHEMA","subject":"b"');
});

test('the machine stops at any step: what was acknowledged is there, the rest whole or not at all', async () => {
  for (let stopAt = 1; stopAt < 34; stopAt++)
    for (let seed = 0; seed < 2; seed++) {
      const disk = new SimDisk(new Rng(seed * 1000 + stopAt));
      const acknowledged = await registerUntil(disk, stopAt);
      disk.before = () => {};
      const registry = await Registry.start({ world: withDisk(disk), dir: '/data' });
      const found = (await call(registry.url, 'GET', '/subjects')).body as string[];
      const label = `stop at ${stopAt}, seed ${seed}`;
      expect(found.length, label).toBeGreaterThanOrEqual(acknowledged);
      expect(found.length, label).toBeLessThanOrEqual(acknowledged + 1);
      expect(found, label).toEqual(found.map((_, i) => `s${i}`));
      await registry.stop();
    }
});
/** Registers one schema after the other until the disk's step `stopAt`, then loses what was not synced. */
async function registerUntil(disk: SimDisk, stopAt: number): Promise<number> {
  let steps = 0;
  disk.before = () => {
    if (++steps >= stopAt) throw new Error('the machine stopped');
  };
  let acknowledged = 0;
  let registry: Registry | undefined;
  try {
    registry = await Registry.start({ world: withDisk(disk), dir: '/data' });
    for (; acknowledged < 6; acknowledged++) {
      const { status } = await post(
        registry.url,
        `/subjects/s${acknowledged}/versions`,
        schema(acknowledged),
      );
      if (status !== 200) break;
    }
  } catch {
    // Before it had begun.
  }
  await registry?.stop().catch(() => {});
  disk.crash();
  return acknowledged;
}

test('a full disk is an error of the store, and the registry goes on', async () => {
  const disk = new SimDisk(new Rng(1));
  const registry = await Registry.start({ world: withDisk(disk), dir: '/data' });
  disk.room = 0;
  const refused = await post(registry.url, '/subjects/a/versions', schema(1));
  expect(refused).toMatchObject({ status: 500, body: { error_code: 50001 } });
  expect((await call(registry.url, 'GET', '/subjects')).body).toEqual([]);
  disk.room = Infinity;
  expect((await post(registry.url, '/subjects/a/versions', schema(1))).body).toMatchObject({ id: 1 });
  await registry.stop();
});

test('one process has a folder; a damaged file is named', async () => {
  const dir = newFolder();
  const registry = await Registry.start({ world: realWorld(), dir });
  await expect(Registry.start({ world: realWorld(), dir })).rejects.toMatchObject({ code: 'REG2002' });
  await registry.stop();
  writeFileSync(join(dir, 'schemas.jsonl'), '{"key":"x","value":null}\nnonsense\n');
  await expect(Registry.start({ world: realWorld(), dir })).rejects.toMatchObject({
    code: 'REG1002',
    message: expect.stringContaining('line 2'),
  });
});
