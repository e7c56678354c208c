/* The store that keeps little in memory against the slow one: rows leave and come back between any two steps, snapshots are
 * gone back to, the machine stops; and whatever is asked of both, they answer the same. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExternalError, Rng } from '#base';
import { types } from '#data';
import { SimMaps } from '#testkit';
import { columnWith } from './arbitraries.ts';
import { bytesOf, folder, newStore, Pair, read, type Kind } from './disk-pair.ts';
import { apply, contents, declare, forms, steps, type Declared, type Form } from './store-script.ts';

const kindOf = (form: Form): Kind<Declared> => ({ declare: (store) => declare(store, form), contents });

// Without timers, whose order is asked for, writes go on beside whoever works on the rows.
describe.each(forms)('$name', (form) => {
  test.each([true, false])('rows on disk answer as the slow store does, timers: %s', async (hasTimers) => {
    await fc.assert(
      fc.asyncProperty(steps(form, { saves: 6, minLength: 30 }), fc.nat(), async (script, seed) => {
        const pair = new Pair(kindOf({ ...form, hasTimers }), seed);
        for (const step of script) {
          expect(apply(pair.fast, form, step)).toEqual(apply(pair.slow, form, step));
          await pair.maybeEvict();
          if (step.kind === 'snapshot') await pair.snapshot();
          else if (step.kind === 'cross') {
            pair.checkReader();
            await pair.goBack();
          }
        }
        await pair.check();
      }),
      { numRuns: 25 },
    );
  });
});

test.each([true, false])(
  'a disk that is full is reported, and nothing is taken for written, timers: %s',
  async (hasTimers) => {
    const maps = new SimMaps(new Rng(1));
    const declared = declare(newStore(maps, 'a'), { ...forms[1]!, hasTimers });
    const add = (key: number): void => {
      declared.keys.upsertRow([columnWith(types.INT, key).column], 0);
      declared.store.endRun(4096);
    };
    add(1);
    await declared.store.disk!.flush();
    const bytes = bytesOf(declared.store);
    await declared.store.disk!.flush();
    maps.before = () => {
      throw new ExternalError('SYS2001', { message: 'cannot write: ENOSPC: no space left on device' });
    };
    add(2);
    await expect(declared.store.disk!.flush()).rejects.toThrow('ENOSPC');
    maps.before = () => {};
    const back = read(newStore(maps, 'a'), kindOf({ ...forms[1]!, hasTimers }), bytes);
    expect(back.keys.size).toBe(1);
    expect(back.keys.findRow([columnWith(types.INT, 2).column], 0)).toBe(-1);
  },
);

test('a map that is older than the snapshot that names it is an error', async () => {
  const maps = new SimMaps(new Rng(1));
  const [form] = forms;
  const declared = declare(newStore(maps, 'a'), form!);
  declared.keys.upsertRow([columnWith(types.BOOLEAN, true).column], 0);
  declared.store.endRun(4096);
  const bytes = bytesOf(declared.store);
  maps.remove(folder);
  expect(() => read(newStore(maps, 'a'), kindOf(form!), bytes)).toThrow(/older than the checkpoint/);
});
