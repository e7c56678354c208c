/* Settings by chance: options of the optimizer, which change no net result, and windows of GROUP BY that go out beside
 * their end. */

import type { Chance } from './chance.ts';

export type Settings = Readonly<Record<string, string>>;

const miniBatch = 'table.exec.mini-batch';
const twoPhases = 'table.optimizer.agg-phase-strategy';
const splitDistinct = 'table.optimizer.distinct-agg.split';

/** None, mostly. Groups of rows take the place of rows in mini-batches: what sees each change sees others then. */
export function optimizerSettings(chance: Chance): Settings {
  if (chance.percent(60)) return {};
  const set: Record<string, string> = {};
  if (chance.percent(75)) {
    set[`${miniBatch}.enabled`] = 'true';
    set[`${miniBatch}.allow-latency`] = chance.pick(['50 ms', '2 s']);
    set[`${miniBatch}.size`] = chance.pick(['2', '5', '1000']);
  }
  if (chance.percent(60)) set[twoPhases] = chance.pick(['ONE_PHASE', 'TWO_PHASE', 'TWO_PHASE']);
  if (chance.percent(60)) {
    set[`${splitDistinct}.enabled`] = 'true';
    set[`${splitDistinct}.bucket-num`] = chance.pick(['2', '1024']);
  }
  return set;
}
export const inMiniBatches = (set: Settings): boolean => set[`${miniBatch}.enabled`] === 'true';

const emit = 'table.exec.emit';
export function emitSettings(chance: Chance): Settings {
  const what = chance.pick(['early', 'early', 'late', 'late', 'both'] as const);
  const set: Record<string, string> = {};
  if (what !== 'late') {
    set[`${emit}.early-fire.enabled`] = 'true';
    set[`${emit}.early-fire.delay`] = chance.pick(['0 s', '0 s', '1 ms', '1 h']);
  }
  if (what !== 'early') {
    set[`${emit}.late-fire.enabled`] = 'true';
    set[`${emit}.late-fire.delay`] = '0 s';
    set[`${emit}.allow-lateness`] = chance.pick(['2 s', '6 s', '1 h']);
  }
  return set;
}
export const settingsText = (set: Settings = {}): string => JSON.stringify(set);
