/* Waiting for something, but not too long. */

import type { Timer, World } from '#base';

/** What `next` brings, or 'late' when that takes longer than `ms`. */
export async function within<T>(next: Promise<T>, ms: number, world: World): Promise<T | 'late'> {
  let late: () => void = () => {};
  const timer = world.after(ms, () => {
    late();
  });
  try {
    return await Promise.race([
      next,
      new Promise<'late'>((resolve) => {
        late = () => {
          resolve('late');
        };
      }),
    ]);
  } finally {
    timer.cancel();
  }
}

/** Calls `act` every `ms`, until what comes back is called. */
export function every(world: World, ms: number, act: () => void): () => void {
  const again = (): Timer =>
    world.after(ms, () => {
      timer = again();
      act();
    });
  let timer = again();
  return () => {
    timer.cancel();
  };
}
