/* Watermarks of a source: one per split, and the least of those that are not idle is the source's.
 *
 *   split 0 rows ─▶ max of the watermark expression ┐
 *   split 1 rows ─▶ …                               ┴─▶ min over active splits ─▶ marks in the batch, row by row
 *
 * A split without rows for `table.exec.source.idle-timeout` of processing time is idle; its next row makes it active. */

import { UserError } from '#base';
import { lastWatermark, noMarks, type Batch, type Marks } from '#data';
import type { SplitState, WatermarkState } from './source-state.ts';

interface Split {
  readonly id: string;
  watermark: number;
  lastRowAt: number;
  idle: boolean;
  ended: boolean;
}

export interface SilentSplits {
  /** Splits of which no row with a watermark came, and that are not idle. */
  readonly silent: number;
  /** Those of which some did. */
  readonly heard: number;
}

/** Where one split of a source is. */
export interface SplitProgress {
  /** As its connector names it. */
  readonly split: string;
  /** Ms of event time; -Infinity before its first row with a watermark. */
  readonly watermark: number;
  /** Ms of processing time; where none came yet, since when it is waited for. */
  readonly lastRowAt: number;
  /** 'paused': so far ahead of its alignment group that it is not read. */
  readonly state: 'active' | 'paused' | 'idle' | 'ended';
}

export class SplitWatermarks {
  readonly #splits = new Map<number, Split>();
  readonly #restored = new Map<string, SplitState>();
  readonly #idleTimeoutMs: number;
  readonly #ownMarks: boolean;
  /** What was last said to the stream. */
  #said = -Infinity;
  #saidIdle = false;
  /** What was said before a restore is to be said again: behind it stands the least of all instances that there were, and
   *  none of them idle. */
  #repeats = false;
  #repeatsIdle = false;
  /** Splits that are not read for now, being ahead. */
  #paused: ReadonlySet<number> = new Set();
  /** The marks of the batch at hand: written over with the next one. */
  #at = new Int32Array(0);
  #marks = new Float64Array(0);

  /** `ownMarks`: the connector makes the marks, and says what is idle. */
  constructor(idleTimeoutMs: number, ownMarks: boolean) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#ownMarks = ownMarks;
  }
  get current(): number {
    return this.#said;
  }

  /** A split appears, or goes on: `id` is what its state was kept under. It is waited for from now on, whatever came of it
   *  before: rows may have been written while nobody read, and were it idle, those of others would make them late. */
  start(split: number, now: number, id = String(split)): void {
    if (this.#splits.has(split)) return;
    const watermark = this.#restored.get(id)?.watermark ?? -Infinity;
    this.#splits.set(split, { id, watermark, lastRowAt: now, idle: false, ended: false });
  }
  /** The mark to send before the source waits for rows, if any; asked until there is none. All splits that it has have
   *  started: one that was restored may be ahead of what was said. Where there is no split: idle, once. */
  beforeWait(): number | undefined {
    if (this.#repeats) {
      this.#repeats = false;
      if (this.#said > -Infinity) return this.#said;
    }
    if (this.#repeatsIdle) {
      this.#repeatsIdle = false;
      this.#saidIdle = true;
      return Number.NaN;
    }
    if (this.#splits.size > 0) return this.#advance();
    if (this.#saidIdle) return undefined;
    this.#saidIdle = true;
    return Number.NaN;
  }

  /** Marks that the connector made go out. */
  pass(marks: Marks): Marks {
    if (marks.count === 0) return marks;
    this.#said = Math.max(this.#said, lastWatermark(marks));
    this.#saidIdle = Number.isNaN(marks.watermark[marks.count - 1]!);
    this.#repeatsIdle = false;
    return marks;
  }
  /** Marks for rows of one split, given the watermark value of each row (NaN: none). */
  rows(split: number, batch: Batch, values: Float64Array, now: number): Marks {
    this.start(split, now);
    const own = this.#splits.get(split)!;
    own.lastRowAt = now;
    own.idle = false;
    const others = this.#least(own);
    if (this.#at.length <= batch.rows) {
      this.#at = new Int32Array(batch.rows + 1);
      this.#marks = new Float64Array(batch.rows + 1);
    }
    const [at, watermark] = [this.#at, this.#marks];
    let count = 0;
    if (this.#saidIdle) {
      this.#saidIdle = false;
      at[count] = 0;
      watermark[count++] = this.#said;
    }
    let mine = own.watermark;
    let said = this.#said;
    for (let row = 0; row < batch.rows; row++) {
      const value = values[row]!;
      if (!(value > mine)) continue;
      mine = value;
      const least = mine < others ? mine : others;
      if (least > said) {
        said = least;
        at[count] = row + 1;
        watermark[count++] = least;
      }
    }
    own.watermark = mine;
    this.#said = said;
    return count === 0 ? noMarks : { count, at, watermark };
  }

  /** The split brings nothing more. Returns the mark to send, if any. */
  end(split: number): number | undefined {
    const own = this.#splits.get(split);
    if (own !== undefined) own.ended = true;
    return this.#advance();
  }

  /** Splits whose watermark is beyond `limit`. */
  ahead(limit: number): ReadonlySet<number> {
    const ahead = new Set<number>();
    for (const [number, { watermark, ended }] of this.#splits)
      if (watermark > limit && !ended) ahead.add(number);
    return ahead;
  }
  /** Nobody reads these splits: they are not silent meanwhile. False when it was so before. */
  pause(splits: ReadonlySet<number>, now: number): boolean {
    const before = this.#paused;
    if (before.size === splits.size && [...splits].every((split) => before.has(split))) return false;
    for (const split of before) if (!splits.has(split)) this.#splits.get(split)!.lastRowAt = now;
    this.#paused = splits;
    return true;
  }
  get hasPaused(): boolean {
    return this.#paused.size > 0;
  }

  /** Splits that were silent for long become idle. Returns the mark to send, if any. */
  tick(now: number): number | undefined {
    if (this.#idleTimeoutMs <= 0) return undefined;
    for (const [number, split] of this.#splits)
      if (this.#isAwaited(number, split) && now - split.lastRowAt >= this.#idleTimeoutMs) split.idle = true;
    return this.#advance();
  }
  #isAwaited(number: number, { idle, ended }: Split): boolean {
    return !idle && !ended && !this.#paused.has(number);
  }

  /** When `tick` should be called next, ms of processing time. */
  get nextTick(): number {
    if (this.#idleTimeoutMs <= 0) return Infinity;
    let next = Infinity;
    for (const [number, split] of this.#splits)
      if (this.#isAwaited(number, split)) next = Math.min(next, split.lastRowAt + this.#idleTimeoutMs);
    return next;
  }

  /** What keeps the watermark from its first value, where some splits have one and others do not. */
  get silent(): SilentSplits | undefined {
    let silent = 0;
    let heard = 0;
    for (const split of this.#splits.values()) {
      if (split.watermark > -Infinity) heard++;
      else if (!split.idle && !split.ended) silent++;
    }
    return silent > 0 && heard > 0 ? { silent, heard } : undefined;
  }

  /** All splits so far. */
  progress(): readonly SplitProgress[] {
    return [...this.#splits].map(([number, { id, watermark, lastRowAt, idle, ended }]) => ({
      split: id,
      watermark,
      lastRowAt,
      state: ended ? 'ended' : idle ? 'idle' : this.#paused.has(number) ? 'paused' : 'active',
    }));
  }

  /** Moves the source's watermark by the clock: `millrace.watermark.quiet-timeout`. */
  force(to: number): number | undefined {
    if (!(to > this.#said)) return undefined;
    for (const split of this.#splits.values()) split.watermark = Math.max(split.watermark, to);
    this.#said = to;
    return to;
  }

  #least(except?: Split): number {
    let least = Infinity;
    for (const split of this.#splits.values()) {
      if (split !== except && !split.idle && !split.ended && split.watermark < least) least = split.watermark;
    }
    return least;
  }

  #advance(): number | undefined {
    const active = [...this.#splits.values()].filter((s) => !s.ended && !s.idle);
    if (active.length === 0) {
      if (this.#saidIdle || [...this.#splits.values()].every((s) => s.ended)) return undefined;
      this.#saidIdle = true;
      return Number.NaN;
    }
    const least = this.#least();
    if (!(least > this.#said)) return undefined;
    this.#said = least;
    return least;
  }

  state(): WatermarkState {
    return {
      emitted: this.#said,
      emittedIdle: this.#saidIdle || this.#repeatsIdle,
      splits: [...this.#splits.values()].map((s) => ({ ...s })),
    };
  }
  /** Splits take their state up when they start. */
  restore({ emitted, emittedIdle, splits }: WatermarkState): void {
    this.#said = emitted;
    this.#repeats = true;
    this.#repeatsIdle = this.#ownMarks && emittedIdle;
    for (const split of splits) {
      const known = this.#restored.get(split.id);
      if (known === undefined || split.watermark < known.watermark) this.#restored.set(split.id, split);
    }
  }
}

/** Flink's words for a NULL in the rowtime column. `row`: the row as people see it, with where it came from. */
export function nullRowtime(column: string, row?: string): UserError {
  return new UserError('DATA1001', {
    message: `RowTime field should not be null, please convert it to a non-null long value. The column is "${column}".`,
    hint: `Filter such rows out before the table, or declare the watermark on a computed column that is never NULL.${row === undefined ? '' : ` The row was ${row}.`}`,
  });
}
