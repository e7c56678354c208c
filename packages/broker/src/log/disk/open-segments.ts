/* Opens a partition's folder: what a crash left half done is done or undone, torn tails are cut, indexes made anew.
 *
 *   *.deleted, *.cleaned ─▶ gone       *.swap ─▶ takes the place of what it was made from       *.log ─▶ segments
 *
 * After a clean end only the last index entry and what follows it is looked at. Otherwise every segment behind the
 * recovery point, the last one at least, is read batch by batch. Kafka: LogLoader. */

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LogSettings } from '../partition-log.ts';
import type { OpenFiles } from './open-files.ts';
import { cleanedSuffix, deletedSuffix, Segment, segmentPaths, swapSuffix } from './segment.ts';

export interface Opening {
  readonly files: OpenFiles;
  readonly folder: string;
  readonly settings: LogSettings;
  /** Where the log starts, as it was kept; 0 when nothing was. */
  readonly startOffset: number;
  /** Segments with offsets from here on are read and checked; Infinity after a clean end. */
  readonly recoverFrom: number;
  readonly log: (line: string) => void;
}

const logFile = /^(\d{20})\.log$/;

export interface OpenedFolder {
  /** By rising offsets, one at least. */
  readonly segments: Segment[];
  /** What lay in the folder. */
  readonly names: readonly string[];
}

export function openFolder(opening: Opening): OpenedFolder {
  const { folder } = opening;
  mkdirSync(folder, { recursive: true });
  // A broker has many folders, and listing them is much of what its start takes.
  let names = readdirSync(folder);
  if (finishSwaps(opening, names)) names = readdirSync(folder);
  return { segments: openSegments(opening, basesIn(folder, names)), names };
}
function openSegments(opening: Opening, bases: readonly number[]): Segment[] {
  const { files, folder, startOffset } = opening;
  const segments: Segment[] = [];
  for (const [i, base] of bases.entries()) {
    const segment = new Segment(files, folder, base);
    segments.push(segment);
    if (openOne(segment, bases[i + 1], opening) || i === bases.length - 1) continue;
    for (const later of bases.slice(i + 1)) new Segment(files, folder, later).discard();
    opening.log(`${folder}: segments behind offset ${segment.nextOffset} were removed, as that one is torn`);
    break;
  }
  const last = segments.at(-1);
  if (last !== undefined && last.nextOffset >= startOffset) return segments;
  // Nothing is left of what the log's start stands behind.
  for (const segment of segments) segment.discard();
  const first = new Segment(files, folder, startOffset);
  first.create();
  return [first];
}

/** Where the segments begin. Indexes without a segment go. */
function basesIn(folder: string, names: readonly string[]): number[] {
  const bases = names.flatMap((name) => logFile.exec(name)?.[1] ?? []);
  const known = new Set(bases);
  for (const name of names)
    if (/^\d{20}\.(time|txn)?index$/.test(name) && !known.has(name.slice(0, 20)))
      rmSync(join(folder, name), { force: true });
  return bases.map(Number).sort((a, b) => a - b);
}

/** False when the segment lost a part: what follows it is no continuation. */
function openOne(segment: Segment, nextBase: number | undefined, opening: Opening): boolean {
  const { settings, recoverFrom, log } = opening;
  const checked = recoverFrom < Infinity && (nextBase === undefined || nextBase > recoverFrom);
  if (!checked && segment.open()) return true;
  const cut = segment.recover(settings.indexIntervalBytes);
  if (nextBase !== undefined) segment.finish();
  if (cut > 0) log(`${segment.path}: ${cut} bytes behind offset ${segment.nextOffset} were no whole batch`);
  return cut === 0;
}

/** Ends the exchange of segments where it was left. True when it was left in the middle. */
function finishSwaps({ files, folder, settings }: Opening, names: readonly string[]): boolean {
  const gone = names.filter((name) => name.endsWith(cleanedSuffix) || name.endsWith(deletedSuffix));
  for (const name of gone) rmSync(join(folder, name));
  const swaps = names.filter((name) => name.endsWith(swapSuffix));
  for (const name of swaps) {
    const base = new RegExp(`^(\\d{20})\\.log\\${swapSuffix}$`).exec(name)?.[1];
    if (base === undefined) continue;
    const swap = new Segment(files, folder, Number(base), swapSuffix);
    swap.recover(settings.indexIntervalBytes);
    swap.finish();
    for (const old of basesIn(folder, readdirSync(folder)))
      if (old >= swap.baseOffset && old < Math.max(swap.nextOffset, swap.baseOffset + 1))
        new Segment(files, folder, old).discard();
    for (const path of Object.values(segmentPaths(folder, swap.baseOffset))) rmSync(path, { force: true });
    swap.rename('');
  }
  for (const name of swaps) rmSync(join(folder, name), { force: true });
  return gone.length + swaps.length > 0;
}
