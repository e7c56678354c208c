/* The open sessions of all keys: a list that is looked through for each row. */

import type { Row } from '#data';
import type { SessionSpec } from '#job';
import { keyText, msOf, SlowReference } from './reference.ts';
import { hasFired } from './windows.ts';

export interface Session<Kept> {
  readonly keyText: string;
  readonly key: Row;
  start: number;
  end: number;
  kept: Kept;
}

/** Made into a reference by what is kept of a session. */
export abstract class SessionReference<Kept> extends SlowReference {
  readonly #spec: SessionSpec;
  /** In order of opening. */
  #open: Session<Kept>[] = [];

  constructor(spec: SessionSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { keys, gapMs, time } = this.#spec;
    const start = msOf(row[time!]!);
    const end = start + gapMs;
    const text = keyText(row, keys);
    const touched = this.#open.filter((s) => s.keyText === text && s.start <= end && s.end >= start);
    if (touched.length === 0) {
      if (hasFired(end, this.watermark)) {
        this.late++;
        return;
      }
      const key = keys.map((k) => row[k]!);
      touched.push({ keyText: text, key, start, end, kept: this.begin() });
      this.#open.push(touched[0]!);
    }
    const [into, ...others] = touched;
    for (const other of others) {
      this.merge(into!.kept, other.kept);
      into!.start = Math.min(into!.start, other.start);
      into!.end = Math.max(into!.end, other.end);
      this.#open.splice(this.#open.indexOf(other), 1);
    }
    into!.start = Math.min(into!.start, start);
    into!.end = Math.max(into!.end, end);
    this.add(into!.kept, row, kind);
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const due = this.#open.filter((s) => hasFired(s.end, this.watermark));
    if (due.length === 0) return;
    this.#open = this.#open.filter((s) => !hasFired(s.end, this.watermark));
    for (const session of due.sort((a, b) => a.end - b.end)) this.close(session);
  }

  protected abstract begin(): Kept;
  protected abstract add(kept: Kept, row: Row, kind: number): void;
  protected abstract merge(into: Kept, from: Kept): void;
  protected abstract close(session: Session<Kept>): void;
}
