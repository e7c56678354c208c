/* Settings by chance: options of the optimizer, which change no net result, and windows of GROUP BY that go out beside
 * their end. Few sets of them, so that many cases share one and go into one job. */

import type { Chance } from './chance.ts';

export type Settings = Readonly<Record<string, string>>;

const miniBatch = (latency: string, size: number): Settings => ({
  'table.exec.mini-batch.enabled': 'true',
  'table.exec.mini-batch.allow-latency': latency,
  'table.exec.mini-batch.size': String(size),
});
const phases = (how: string): Settings => ({ 'table.optimizer.agg-phase-strategy': how });
const splitDistinct = (buckets: number): Settings => ({
  'table.optimizer.distinct-agg.split.enabled': 'true',
  'table.optimizer.distinct-agg.split.bucket-num': String(buckets),
});
const optimizer: readonly Settings[] = [
  phases('ONE_PHASE'),
  miniBatch('50 ms', 1000),
  { ...miniBatch('2 s', 5), ...phases('ONE_PHASE') },
  { ...miniBatch('2 s', 2), ...phases('TWO_PHASE') },
  { ...miniBatch('50 ms', 5), ...phases('TWO_PHASE'), ...splitDistinct(2) },
  { ...miniBatch('2 s', 3), ...phases('ONE_PHASE'), ...splitDistinct(1024) },
];
/** None, mostly. Groups of rows take the place of rows in mini-batches: what sees each change sees others then. */
export const optimizerSettings = (chance: Chance): Settings =>
  chance.percent(60) ? {} : chance.pick(optimizer);
export const inMiniBatches = (set: Settings): boolean => set['table.exec.mini-batch.enabled'] === 'true';

const early = (delay: string): Settings => ({
  'table.exec.emit.early-fire.enabled': 'true',
  'table.exec.emit.early-fire.delay': delay,
});
const late = (lateness: string): Settings => ({
  'table.exec.emit.late-fire.enabled': 'true',
  'table.exec.emit.late-fire.delay': '0 s',
  'table.exec.emit.allow-lateness': lateness,
});
const emits: readonly Settings[] = [
  early('0 s'),
  early('1 ms'),
  late('2 s'),
  late('1 h'),
  { ...early('0 s'), ...late('6 s') },
  { ...early('1 h'), ...late('2 s') },
];
export const emitSettings = (chance: Chance): Settings => chance.pick(emits);
export const settingsText = (set: Settings = {}): string => JSON.stringify(set);
