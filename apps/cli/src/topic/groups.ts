/* millrace topic groups, lag and reset-offsets: how far consumers have come, and where they go on. */

import type { GroupLag, KafkaAdmin, TopicPartition } from '#connectors';
import { UserError } from '#base';
import { dim, out } from '../terminal.ts';
import { counted, startAt, type StartAt, type TopicFlags } from './flags.ts';

export async function groups(admin: KafkaAdmin, flags: TopicFlags): Promise<void> {
  for (const found of await admin.groups())
    out(flags.json ? JSON.stringify(found) : `${found.group}  ${dim(`${found.state}, ${found.type}`)}`);
}

export async function lag(admin: KafkaAdmin, group: string, flags: TopicFlags): Promise<void> {
  let total = 0n;
  for (const found of await admin.lag(group, flags.topic)) {
    const behind = found.end - found.offset;
    total += behind;
    out(
      flags.json
        ? JSON.stringify({ group, ...plain(found), lag: Number(behind) })
        : `${found.topic}:${found.partition}  offset ${found.offset} of ${found.end}, lag ${behind}`,
    );
  }
  if (!flags.json) out(`${group} is ${counted(total, 'record')} behind`);
}
const plain = ({ topic, partition, offset, end }: GroupLag): object => ({
  topic,
  partition,
  offset: Number(offset),
  end: Number(end),
});

/** Shows where a group would go on; with --execute it does. */
export async function resetOffsets(admin: KafkaAdmin, group: string, flags: TopicFlags): Promise<void> {
  const { topic } = flags;
  if (topic === undefined)
    throw new UserError('CLI1001', {
      message: 'of which topic? --topic is missing',
      hint: `millrace topic lag ${group} shows those that the group reads.`,
    });
  if (flags.from === undefined)
    throw new UserError('CLI1001', {
      message: 'to where? --from is missing',
      hint: '--from takes earliest, latest, an offset, -N for the last N, or a time.',
    });
  const targets = await offsetsFor(admin, topic, flags.from);
  const before = new Map(
    (await admin.lag(group, topic).catch(noneYet)).map((l) => [l.partition, l.offset] as const),
  );
  if (flags.execute === true) await admin.commit(group, topic, targets);
  const status = flags.execute === true ? 'reset' : 'would reset';
  for (const [partition, offset] of targets) {
    const from = before.get(partition);
    out(
      flags.json
        ? JSON.stringify({
            group,
            topic,
            partition,
            before: from === undefined ? null : Number(from),
            offset: Number(offset),
            status,
          })
        : `${topic}:${partition}  ${from ?? 'none'} → ${offset}`,
    );
  }
  if (!flags.json)
    out(
      flags.execute === true
        ? `${group} goes on there`
        : `nothing was changed: --execute does it, while the group has no members`,
    );
}
/** A group that committed nothing so far. */
function noneYet(thrown: unknown): GroupLag[] {
  if (thrown instanceof UserError && thrown.code === 'KAF3001') return [];
  throw thrown;
}

async function offsetsFor(admin: KafkaAdmin, topic: string, from: string): Promise<Map<number, bigint>> {
  const start = startAt(from);
  if (start.kind === 'time') return await admin.offsetsAt(topic, BigInt(start.ms));
  const { partitions } = await admin.describe(topic);
  return new Map(
    partitions.map((p) => {
      const wanted = offsetAt(start, p);
      return [p.partition, wanted < p.start ? p.start : wanted > p.end ? p.end : wanted];
    }),
  );
}

function offsetAt(start: Exclude<StartAt, { kind: 'time' }>, { start: first, end }: TopicPartition): bigint {
  switch (start.kind) {
    case 'earliest':
      return first;
    case 'latest':
      return end;
    case 'offset':
      return start.offset;
    case 'last':
      return end - start.count;
  }
}
