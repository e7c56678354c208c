/* Group commit. */

import { expect, test } from 'vitest';
import { SharedFlush } from '../../src/log/disk/shared-flush.ts';

test('who comes meanwhile shares the next flush, and a failure is told to those who waited for it', async () => {
  const ends: { readonly done: () => void; readonly fail: (error: Error) => void }[] = [];
  const shared = new SharedFlush(() => new Promise<void>((done, fail) => ends.push({ done, fail })));
  const first = shared.run();
  const later = [shared.run(), shared.run(), shared.run()];
  expect(ends).toHaveLength(1);
  ends[0]!.fail(new Error('no'));
  await expect(first).rejects.toThrow('no');
  const seen = Promise.all(later);
  while (ends.length < 2) await Promise.resolve();
  ends[1]!.done();
  await seen;
  expect(ends).toHaveLength(2);
  const last = shared.run();
  ends[2]!.done();
  await last;
  await shared.idle();
});
