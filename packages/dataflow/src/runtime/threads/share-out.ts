/* Makes the shares of a job: one here, and one in a thread each for the other instances. */

import type { JobPlan } from '#job';
import type { JobSettings } from '../settings.ts';
import { RateBoard } from '../error-rate.ts';
import { LocalShare, type Share, type ShareEvents } from '../share.ts';
import { alignmentGroups } from '../source-turns.ts';
import { crossingsOf, spreadOverThreads } from '../wiring.ts';
import { Bells } from './bells.ts';
import { ProgressBoard } from './progress-board.ts';
import { RemoteShare } from './remote-share.ts';
import { Ring } from './ring.ts';

/** 8-byte words of a ring: some batches of a few hundred kilobytes. */
const ringWords = 1 << 17;

/** `events` makes what one of the shares reports to. The first one runs in this thread. */
export function sharesOf(
  plan: JobPlan,
  settings: JobSettings,
  events: (share: () => Share) => ShareEvents,
): readonly Share[] {
  const { persist, blocks, threads, asked: _, ...own } = settings;
  const durable = persist !== undefined;
  const placement =
    threads === undefined ? [] : spreadOverThreads(plan, settings.parallelism, settings.connectors);
  const count = 1 + Math.max(0, ...placement.flat());
  if (count === 1) {
    const share: Share = new LocalShare(
      plan,
      { ...own, durable, blocks: blocks && ((epoch) => blocks(epoch, 0)) },
      events(() => share),
    );
    return [share];
  }
  const rings = crossingsOf(plan, settings.parallelism, placement).map(() => Ring.memory(ringWords));
  const groups = alignmentGroups(plan).length;
  const bells = Bells.memory(count);
  const progress = ProgressBoard.memory(count, groups);
  const errorRates = new SharedArrayBuffer(RateBoard.bytes(plan, settings.parallelism));
  const remote = Array.from({ length: count - 1 }, (_, i): RemoteShare => {
    const thread = i + 1;
    const share: RemoteShare = new RemoteShare({
      thread: threads!.start(`${settings.name}#${thread}`),
      warn: settings.warn,
      blocks: blocks && ((epoch) => blocks(epoch, thread)),
      events: events(() => share),
      opening: {
        plan,
        thread,
        placement,
        rings,
        bells,
        progress,
        errorRates,
        durable,
        streams: blocks !== undefined,
        evaluation: settings.evaluation,
        parallelism: settings.parallelism,
        memoryBytesMax: settings.memoryBytesMax,
        restore: settings.restore,
        name: settings.name,
        incarnation: settings.incarnation,
        folder: settings.folder,
        stateOnDisk: settings.stateOnDisk,
        checkpointsRetained: settings.checkpointsRetained,
      },
    });
    return share;
  });
  const local: Share = new LocalShare(
    plan,
    {
      ...own,
      durable,
      blocks: blocks && ((epoch) => blocks(epoch, 0)),
      place: { thread: 0, placement, rings, bells: new Bells(bells, 0) },
      progress: new ProgressBoard(progress, 0, groups),
      errorRates,
      elsewhere: () => remote.flatMap((share) => share.metrics()),
    },
    events(() => local),
  );
  return [local, ...remote];
}
