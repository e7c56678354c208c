/* What an expression may ask of its surroundings: settings of the job, and the clock and chance that World gives. */

import { Rng } from '#base';

/** Settings of a job that its expressions read. Plain data: they go where the plan goes. */
export interface EvalSettings {
  /** `table.local-time-zone`, an IANA name or a fixed offset. */
  readonly timeZone: string;
  /** Start of the query, ms: CURRENT_TIMESTAMP, LOCALTIME, CURRENT_DATE … in batch mode. */
  readonly queryStart: number;
  readonly batchMode: boolean;
  /** `table.exec.legacy-cast-behaviour`. */
  readonly legacyCast: boolean;
  /** Of RAND and UUID: each operator and instance draws from a generator of its own, seeded by this and its name. */
  readonly seed: number;
}

export interface EvalContext extends EvalSettings {
  /** Processing time of the batch at hand, ms since the epoch: PROCTIME(), CURRENT_ROW_TIMESTAMP(), NOW() in streaming. */
  now(): number;
  readonly rng: Rng;
  /** The current watermark of the operator, or -Infinity: CURRENT_WATERMARK(). */
  watermark(): number;
}

/** The context of one operator's instance: equal names draw equal numbers, whatever runs beside them. */
export function evalContext(settings: EvalSettings, name: string, now: () => number): EvalContext {
  return { ...settings, now, rng: new Rng(seedOf(settings.seed, name)), watermark: () => -Infinity };
}
/** FNV-1a over the name, from the seed. */
function seedOf(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
