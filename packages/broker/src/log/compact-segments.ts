/* One run of compaction over the closed segments of a log, wherever they lie.
 *
 *   new segments ─▶ LatestOffsets          all closed ones ─▶ groups ─▶ Compactor ─▶ one segment a group, in its place
 *
 * Works in small steps, so that a large log holds nobody up. */

import type { RecordBatch } from '#records';
import { Compactor, LatestOffsets, type CompactionScope } from './compaction.ts';
import type { LogSettings } from './partition-log.ts';
import type { StoredBatch } from './stored-batch.ts';
import { groups, type SegmentFacts } from './segment-policy.ts';

/** A log's segments, for compaction. */
export interface SegmentKeeper<S extends SegmentFacts> {
  /** The log was closed or removed: the run ends. */
  readonly closed: boolean;
  batches(segment: S): Iterable<StoredBatch>;
  /** An empty segment, not yet of the log, for what is left of a group that starts with `first`. */
  begin(first: S): S;
  append(to: S, bytes: Buffer, head: RecordBatch): void;
  /** Puts the segment in the group's place, if that is still whole. */
  replace(group: readonly S[], made: S): Promise<void>;
  discard(made: S): void;
}

/** How many bytes are worked on before others run. */
const stepBytes = 256 << 10;

class Steps {
  readonly #breathe: () => Promise<void>;
  #bytes = 0;

  constructor(breathe: () => Promise<void>) {
    this.#breathe = breathe;
  }
  due(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    if (this.#bytes < stepBytes) return undefined;
    this.#bytes = 0;
    return this.#breathe();
  }
}

/** Compacts `segments`, which end before `endOffset`. Gives the offset up to which the log is compacted now. */
export async function compactSegments<S extends SegmentFacts>(
  keeper: SegmentKeeper<S>,
  segments: readonly S[],
  endOffset: number,
  cleanUpTo: number,
  scope: CompactionScope,
  settings: LogSettings,
  now: number,
): Promise<number> {
  const steps = new Steps(scope.breathe);
  const latest = new LatestOffsets(cleanUpTo, scope.aborted);
  const whole = await takeIn(keeper, segments, endOffset, latest, steps);
  const compactor = new Compactor(latest, scope, settings.deleteRetentionMs, now);
  for (const [from, to] of groups(segments, endOffset, settings)) {
    const group = segments.slice(from, to);
    if (keeper.closed || group[0]!.baseOffset >= latest.upTo) break;
    const made = keeper.begin(group[0]!);
    try {
      for (const segment of group) await reduceInto(keeper, segment, made, compactor, steps);
    } catch (error) {
      keeper.discard(made);
      throw error;
    }
    if (keeper.closed) keeper.discard(made);
    else await keeper.replace(group, made);
  }
  return whole ? endOffset : latest.upTo;
}

/** False when there were more keys than are taken in at once. */
async function takeIn<S extends SegmentFacts>(
  keeper: SegmentKeeper<S>,
  segments: readonly S[],
  endOffset: number,
  latest: LatestOffsets,
  steps: Steps,
): Promise<boolean> {
  for (const [i, segment] of segments.entries()) {
    if ((segments[i + 1]?.baseOffset ?? endOffset) <= latest.upTo) continue;
    for (const { bytes, head } of keeper.batches(segment)) {
      if (!latest.add(bytes, head)) return false;
      await steps.due(bytes.length);
      if (keeper.closed) return false;
    }
  }
  return true;
}

async function reduceInto<S extends SegmentFacts>(
  keeper: SegmentKeeper<S>,
  segment: S,
  made: S,
  compactor: Compactor,
  steps: Steps,
): Promise<void> {
  for (const { bytes, head } of keeper.batches(segment)) {
    const left = compactor.reduce(bytes, head);
    if (left !== undefined) keeper.append(made, left.bytes, left.head);
    await steps.due(bytes.length);
    if (keeper.closed) return;
  }
}
