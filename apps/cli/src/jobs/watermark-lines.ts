/* What `millrace jobs show J --watermarks` says: of each target why its windows are as far as they are, then every node.
 *
 *   totals stands at 12:04:10: partition events-1 of TableSourceScan(…) holds it back, whose last row came 2m 5s ago */

import { formatTimestamp } from '#expr';
import { heldBackBy, type NodeWatermark, type SplitWatermark } from '#engine';
import { durationText } from '../status.ts';

/** `now`: ms of processing time. */
export function watermarkLines(nodes: readonly NodeWatermark[], now: number): string[] {
  return [
    ...nodes.filter((n) => n.kind === 'sink').map((target) => verdict(heldBackBy(nodes, target.id), now)),
    ...nodes.flatMap((node) => nodeLines(node, now)),
  ];
}

const time = (ms: number | undefined): string =>
  ms === undefined ? 'no watermark' : formatTimestamp({ ms, ns: 0 }, 3);

/** `path`: from the target to the source that holds it back. */
function verdict(path: readonly NodeWatermark[], now: number): string {
  const [target] = path;
  const source = path[path.length - 1]!;
  const at = `${target!.title} ${target!.watermark === undefined ? 'has no watermark yet' : `stands at ${time(target!.watermark)}`}`;
  const [split] = source.splits;
  if (split === undefined) return `${at}: ${source.title} makes no watermarks`;
  if (split.state === 'ended') return `${at}: ${source.title} is at its end`;
  if (split.state === 'idle') return `${at}: every split of ${source.title} is idle`;
  return `${at}: split ${split.split} of ${source.title} holds it back, ${heldSince(split, now)}${hint(source, now)}`;
}
const waited = ({ lastRowAt }: SplitWatermark, now: number): string =>
  durationText(Math.max(0, now - lastRowAt));
const heldSince = (split: SplitWatermark, now: number): string =>
  split.watermark === undefined
    ? `of which no row has come for ${waited(split, now)}`
    : `whose last row came ${waited(split, now)} ago`;

/** A split that is silent for so long, while others are not, is likely to hold windows open for no reason. */
const silentMs = 10_000;
function hint({ splits }: NodeWatermark, now: number): string {
  const [first, ...others] = splits;
  const isSilent = first !== undefined && now - first.lastRowAt >= silentMs;
  const goesOn = ({ state, lastRowAt }: SplitWatermark): boolean =>
    (state === 'active' || state === 'paused') && lastRowAt > first!.lastRowAt;
  if (!isSilent || !others.some(goesOn)) return '';
  return `. SET 'table.exec.source.idle-timeout' = '10 s' goes on without it`;
}

function nodeLines(node: NodeWatermark, now: number): string[] {
  return [
    `  ${node.title}: ${node.idle ? 'idle, ' : ''}${time(node.watermark)}`,
    ...node.splits.map(
      (s) =>
        `    split ${s.split}: ${s.state === 'active' ? '' : `${s.state}, `}${time(s.watermark)}, ${s.watermark === undefined ? 'waited for' : 'last row'} ${waited(s, now)}${s.watermark === undefined ? '' : ' ago'}`,
    ),
  ];
}
