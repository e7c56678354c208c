/* Mistakes in the embedded Kafka. */

import type { Break } from './break.ts';

const source = 'packages/broker/src';
const tests = 'packages/broker/test';

export const brokerBreaks: readonly Break[] = [
  {
    mistake: 'a batch that comes again is appended again',
    file: `${source}/log/producers.ts`,
    test: { vitest: `${tests}/transactions/random.test.ts` },
    find: 'if (repeat !== undefined)',
    replace: 'if (repeat !== undefined && repeat.baseOffset < 0)',
  },
  {
    mistake: 'a reader of committed records sees what is open',
    file: `${source}/log/producers.ts`,
    test: { vitest: `${tests}/transactions/random.test.ts` },
    find: 'for (const firstOffset of this.#open.values()) return firstOffset;',
    replace: '',
  },
  {
    mistake: 'a transaction of protocol 2 ends with the epoch that it had',
    file: `${source}/cluster/transactions/transaction.ts`,
    test: { vitest: `${tests}/transactions/random.test.ts` },
    find: 'producerEpoch: Math.min(producerEpoch + 1, epochMax),',
    replace: 'producerEpoch,',
  },
  {
    mistake: 'a decided transaction is forgotten by a restart',
    file: `${source}/cluster/transactions/transactions.ts`,
    test: { vitest: `${tests}/transactions/transactions.test.ts` },
    find: 'if (isDecided(transaction)) this.#behind(this.#carryOut(transaction, true));',
    replace: 'if (isDecided(transaction)) continue;',
  },
  {
    mistake: 'a start believes a batch whose checksum is wrong',
    file: `${source}/log/disk/batch-scan.ts`,
    test: { vitest: `${tests}/log/recovery.test.ts` },
    find: 'if (crc32c(data, attributesOffset) !== data.readUInt32BE(17)) return;',
    replace: '',
  },
  {
    mistake: 'a client may send a batch whose checksum is wrong',
    file: `${source}/log/partition.ts`,
    test: { vitest: `${tests}/checksum.test.ts` },
    find: 'if (batch.readUInt32BE(crcOffset) !== crc32c(batch, attributesOffset))',
    replace: 'if (batch.length < 0)',
  },
  {
    mistake: 'a snapshot of producers from behind a torn end is taken',
    file: `${source}/log/disk/producer-snapshots.ts`,
    test: { vitest: `${tests}/log/kept-state.test.ts` },
    find: 'const states = offset <= upTo ? this.#read(offset) : undefined;',
    replace: 'const states = this.#read(offset);',
  },
  {
    mistake: 'compaction forgets that a marker is still needed',
    file: `${source}/log/compaction.ts`,
    test: { vitest: `${tests}/log/compaction.test.ts` },
    find: 'if (needed) return { bytes, head };',
    replace: '',
  },
  {
    mistake: 'compaction drops a tombstone at once',
    file: `${source}/log/compaction.ts`,
    test: { vitest: `${tests}/log/compaction.test.ts` },
    find: 'return this.#now + this.#deleteRetentionMs;',
    replace: 'return this.#now;',
  },
  {
    mistake: 'two answers share memory while one of them is sent',
    file: `${source}/server/request-memory.ts`,
    test: { vitest: `${tests}/bounds/spare-memory.test.ts` },
    find: 'lent.push(buffer);',
    replace: 'memory.spare.give(buffer);',
  },
  {
    mistake: 'memory of a request is not given back',
    file: `${source}/server/connection.ts`,
    test: { vitest: `${tests}/bounds/slow-clients.test.ts` },
    find: 'this.#memory.giveFrame(frame.length);',
    replace: '',
  },
  {
    mistake: 'a member that is silent stays in its classic group',
    file: `${source}/cluster/groups/classic-group.ts`,
    test: { vitest: `${tests}/groups/classic.test.ts` },
    find: '      this.drop(member);\n      this.rebalanceOrComplete();\n    });',
    replace: '      this.rebalanceOrComplete();\n    });',
  },
  {
    mistake: 'a partition is with two members of a consumer group',
    file: `${source}/cluster/groups/reconcile.ts`,
    test: { vitest: `${tests}/groups/consumer.test.ts` },
    find: 'const free = wanted.filter((key) => !taken(key));',
    replace: 'const free = wanted;',
  },
  {
    mistake: 'a classic member in a consumer group is waited for without end',
    file: `${source}/cluster/groups/consumer-group.ts`,
    test: { vitest: `${tests}/groups/migration.test.ts` },
    find: "this.#dropIn('sync', after);",
    replace: '',
  },
  {
    mistake: 'a session that is over goes on',
    file: `${source}/security/authentication.ts`,
    test: { vitest: `${tests}/logins.test.ts` },
    find: 'this.#parts.world.now() > this.#login.endsAt;',
    replace: 'this.#parts.world.now() < 0;',
  },
  {
    mistake: 'a denial counts less than a permission',
    file: `${source}/security/acls.ts`,
    test: { vitest: `${tests}/security.test.ts` },
    find: 'if (said(permissions.deny, [asked])) return false;',
    replace: '',
  },
  {
    mistake: 'acks=all does not wait for the flush that flush.messages asks for',
    file: `${source}/log/partition.ts`,
    test: { vitest: `${tests}/transactions/transactions.test.ts` },
    find: 'return this.log.flushDue ? this.log.flush() : undefined;',
    replace: 'return undefined;',
  },
];
