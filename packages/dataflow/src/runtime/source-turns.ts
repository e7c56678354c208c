/* Whose turn it is: sources of one job are read fairly, one batch at a time.
 *
 *   by event time   the ready source with the least watermark, so that none runs ahead while another has rows
 *   without         a source that makes no watermarks takes turns with that one
 *   aligned         what is further than `max-drift` ahead of its group waits: splits, or a source whose splits all are
 *                   (Flink docs, "Watermark alignment")
 */

import type { JobPlan } from '#job';
import type { SourceNode } from './source-node.ts';
import type { ProgressBoard } from './threads/progress-board.ts';

/** Lets one source have a step. False when none of them has anything to do. */
export function stepOneSource(
  sources: readonly SourceNode[],
  alignment: Alignment | undefined,
  now: number,
): boolean {
  if (sources.length === 1 && alignment === undefined) return sources[0]!.step(now);
  const tried = new Set<SourceNode>();
  for (let next = pick(sources, tried); next !== undefined; next = pick(sources, tried)) {
    tried.add(next);
    if (alignment !== undefined) {
      const limit = alignment.limitOf(next);
      next.alignTo(limit, now);
      if (isAhead(next, limit) && !next.hasToAnswer) continue;
    }
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

const isAhead = ({ progress }: SourceNode, limit: number): boolean =>
  progress !== undefined && progress > limit;

/** The alignment groups of a plan, in an order that every thread finds. */
export function alignmentGroups(plan: JobPlan): string[] {
  const groups = plan.nodes.flatMap((n) => (n.kind === 'source' && n.alignment ? [n.alignment.group] : []));
  return [...new Set(groups)].sort();
}

/** Groups of sources that do not run far ahead of each other. */
export class Alignment {
  readonly #groups: readonly string[];
  readonly #members = new Map<string, SourceNode[]>();
  readonly #elsewhere: ProgressBoard | undefined;

  /** `elsewhere`: of sources in other threads. */
  constructor(groups: readonly string[], sources: readonly SourceNode[], elsewhere?: ProgressBoard) {
    this.#groups = groups;
    this.#elsewhere = elsewhere;
    for (const group of groups)
      this.#members.set(
        group,
        sources.filter((s) => s.alignment?.group === group),
      );
  }
  /** How far the source and its splits may be, ms of event time: the least watermark of the group and the drift. Infinity where
   *  nothing holds them. */
  limitOf({ alignment, progress }: SourceNode): number {
    if (alignment === undefined || progress === undefined) return Infinity;
    const elsewhere = this.#elsewhere?.leastElsewhere(this.#groups.indexOf(alignment.group)) ?? Infinity;
    return Math.min(this.#leastHere(alignment.group), elsewhere) + alignment.maxDriftMs;
  }
  /** As in Flink a source counts from its first watermark on. */
  #leastHere(group: string): number {
    let least = Infinity;
    for (const { isIdle, progress } of this.#members.get(group)!)
      if (!isIdle && progress !== undefined && progress > -Infinity && progress < least) least = progress;
    return least;
  }
  /** For the sources of other threads. */
  publish(): void {
    this.#groups.forEach((group, i) => this.#elsewhere?.setLeast(i, this.#leastHere(group)));
  }
  /** A source, or a split, waits for those of other threads: nothing wakes it when they have come closer. */
  get waitsForOthers(): boolean {
    return (
      this.#elsewhere !== undefined &&
      [...this.#members.values()].some((sources) =>
        sources.some((s) => !s.finished && (s.hasPaused || isAhead(s, this.limitOf(s)))),
      )
    );
  }
}
