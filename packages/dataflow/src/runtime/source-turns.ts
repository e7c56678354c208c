/* Whose turn it is: sources of one job are read fairly, one batch at a time.
 *
 *   by event time   the ready source with the least watermark, so that none runs ahead while another has rows
 *   without         a source that makes no watermarks takes turns with that one
 *   aligned         a source further than `max-drift` ahead of its group waits (Flink docs, "Watermark alignment")
 */

import type { SourceNode } from './source-node.ts';

/** Lets one source have a step. False when none of them has anything to do. */
export function stepOneSource(
  sources: readonly SourceNode[],
  alignment: Alignment | undefined,
  now: number,
): boolean {
  if (sources.length === 1) return sources[0]!.step(now);
  const tried = new Set<SourceNode>();
  for (let next = pick(sources, tried); next !== undefined; next = pick(sources, tried)) {
    tried.add(next);
    if (alignment?.holds(next) === true && !next.hasToAnswer) continue;
    if (!next.step(now)) continue;
    next.turn = 1 + sources.reduce((turn, s) => Math.max(turn, s.turn), 0);
    return true;
  }
  return false;
}

/** The source with the least watermark or one without any, whichever waited longest. */
function pick(sources: readonly SourceNode[], tried: ReadonlySet<SourceNode>): SourceNode | undefined {
  let behind: SourceNode | undefined;
  let without: SourceNode | undefined;
  for (const source of sources) {
    if (source.finished || tried.has(source)) continue;
    const { progress } = source;
    if (progress === undefined) {
      if (without === undefined || source.turn < without.turn) without = source;
    } else if (
      behind === undefined ||
      progress < behind.progress! ||
      (progress === behind.progress && source.turn < behind.turn)
    )
      behind = source;
  }
  if (behind === undefined || without === undefined) return behind ?? without;
  return without.turn < behind.turn ? without : behind;
}

/** Groups of sources that do not run far ahead of each other. */
export class Alignment {
  readonly #groups = new Map<string, SourceNode[]>();

  constructor(sources: readonly SourceNode[]) {
    for (const source of sources) {
      const group = source.alignment?.group;
      if (group === undefined) continue;
      this.#groups.set(group, [...(this.#groups.get(group) ?? []), source]);
    }
  }
  /** Whether the source is too far ahead of the least watermark of its group. */
  holds(source: SourceNode): boolean {
    const { alignment, progress } = source;
    if (alignment === undefined || progress === undefined) return false;
    let least = Infinity;
    for (const other of this.#groups.get(alignment.group)!)
      if (!other.isIdle && other.progress! < least) least = other.progress!;
    return progress > least + alignment.maxDriftMs;
  }
}
