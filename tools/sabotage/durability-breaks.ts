/* Mistakes on the way of a checkpoint: barrier, snapshot, prepare, manifest, commit, restart. */

import type { Break } from './break.ts';

const files = { vitest: 'packages/checkpoint/test/checkpoint-folder.test.ts' } as const;
const commits = { vitest: 'packages/dataflow/test/commit.test.ts' } as const;
const once = { vitest: 'packages/connectors/test/filesystem/exactly-once.test.ts' } as const;
const checkpoint = 'packages/checkpoint/src';
const runtime = 'packages/dataflow/src/runtime';

export const durabilityBreaks: readonly Break[] = [
  {
    mistake: "the table of a checkpoint is not synced before its manifest's rename",
    file: `${checkpoint}/shared-files.ts`,
    test: files,
    find: '  await disk.sync(`${folder}/${tableName}`);\n',
    replace: '',
  },
  {
    mistake: 'a manifest is renamed before it is synced',
    file: `${checkpoint}/manifest-file.ts`,
    test: files,
    find: '  await disk.sync(`${folder}/${manifestName}.part`);\n',
    replace: '',
  },
  {
    mistake: 'names are not synced before the rename',
    file: `${checkpoint}/manifest-file.ts`,
    test: files,
    find: "  // The manifest's name must not come through where those of its files did not.\n  await disk.sync(folder);\n",
    replace: '',
  },
  {
    mistake: 'the older checkpoint goes before the newer one is there',
    file: `${checkpoint}/checkpoint-folder.ts`,
    test: files,
    find: '    const written = await writeShared(',
    replace: '    await this.#disk.remove(this.#folder(epoch - 1));\n    const written = await writeShared(',
  },
  {
    mistake: 'bytes of a checkpoint are not checked',
    file: `${checkpoint}/shared-files.ts`,
    test: files,
    find: 'if (crc32(block) !== blocks.crcs[i])',
    replace: 'if (block.length === 0)',
  },
  {
    mistake: 'a shared file goes while a checkpoint refers to it',
    file: `${checkpoint}/checkpoint-folder.ts`,
    test: files,
    find: 'if (!used.has(name))',
    replace: 'if (!used.has(name) || !name.startsWith(`${newest}-`))',
  },
  {
    mistake: 'shared files are not synced',
    file: `${checkpoint}/shared-files.ts`,
    test: files,
    find: '    await disk.sync(`${folder}/${name}`);\n',
    replace: '',
  },
  {
    mistake: 'names of shared files are not synced',
    file: `${checkpoint}/shared-files.ts`,
    test: files,
    find: '  await disk.sync(folder);\n',
    replace: '',
  },
  {
    mistake: 'a checkpoint refers to one that was not kept',
    file: `${checkpoint}/checkpoint-folder.ts`,
    test: files,
    find: '    await this.#disk.sync(this.path);\n    this.#last = { ...written, epoch };',
    replace: '    this.#last = { ...written, epoch: epoch - 1 };',
  },
  {
    mistake: 'a page that changed counts as the one of the last image',
    file: 'packages/state/src/memory/pages.ts',
    test: { vitest: 'packages/state/test/image-steps.test.ts' },
    find: 'return this.#changed[page]! > mark;',
    replace: 'return this.#changed[page]! > mark + 1;',
  },
  {
    mistake: 'a compaction of texts counts as no change',
    file: 'packages/state/src/columns/arena.ts',
    test: { vitest: 'packages/state/test/image.test.ts' },
    find: '    this.#compactions++;\n',
    replace: '',
  },
  {
    mistake: 'sinks commit before the snapshot is durable',
    file: `${runtime}/job.ts`,
    test: commits,
    find: '    await this.#settings.persist?.(snapshot);\n    try {\n      await Promise.all(this.#shares.map((share) => share.commitSinks()));\n',
    replace:
      '    try {\n      await Promise.all(this.#shares.map((share) => share.commitSinks()));\n    await this.#settings.persist?.(snapshot);\n',
  },
  {
    mistake: 'what was prepared for a snapshot that failed is forgotten',
    file: `${runtime}/sink-node.ts`,
    test: commits,
    find: '    if (prepared !== undefined) this.#prepared.push(prepared);',
    replace: '    if (prepared !== undefined) this.#prepared = [prepared];',
  },
  {
    mistake: 'a source reads on behind the last barrier',
    file: `${runtime}/source-node.ts`,
    test: commits,
    find: 'this.#held = barrier.last === true;',
    replace: 'this.#held = false;',
  },
  {
    mistake: 'a job is known to have finished before its last commit',
    file: `${runtime}/job.ts`,
    test: commits,
    find: '{ epoch: ++this.#epoch, states, finished: false }',
    replace: '{ epoch: ++this.#epoch, states, finished: true }',
  },
  {
    mistake: 'a growing file is not cut at its checkpoint',
    file: 'packages/connectors/src/filesystem/prepared-files.ts',
    test: once,
    find: "await attempt('cut', hidden, () => truncate(hidden, file.bytes));",
    replace: "await attempt('cut', hidden, async () => {});",
  },
  {
    mistake: 'hidden files of rows that come again stay',
    file: 'packages/connectors/src/filesystem/prepared-files.ts',
    test: once,
    find: "  for (const path of await leftBehind(root, owner)) await attempt('remove', path, () => rm(path));\n",
    replace: '',
  },
  {
    mistake: 'a commit into PostgreSQL that is repeated writes again',
    file: 'packages/connectors/src/jdbc/epoch-sink.ts',
    test: { vitest: 'packages/connectors/test/jdbc/exactly-once.test.ts' },
    find: '      if (rowCount === 0) {',
    replace: '      if (rowCount === -1) {',
  },
  {
    mistake: 'a savepoint forgets timers',
    file: 'packages/state/src/memory/scope.ts',
    test: { slt: 'tests/slt/savepoints/sessions.slt' },
    find: 'if (!Number.isNaN(time)) timers[entry.timers.name] = time;',
    replace: 'if (time < 0) timers[entry.timers.name] = time;',
  },
  {
    mistake: 'an aggregate that a savepoint had not begins with NULL',
    file: 'packages/dataflow/src/kernels/exact-sum.ts',
    test: { slt: 'tests/slt/savepoints/added-aggregate.slt' },
    find: "'f64' }, [name]);",
    replace: "'f64' });",
  },
  {
    mistake: 'an operator at another parallelism takes up all rows of a savepoint',
    file: `${runtime}/node.ts`,
    test: { vitest: 'packages/engine/test/savepoint-v1.test.ts' },
    find: '(fit === undefined || groups.has(store.groupOf(row)))',
    replace: '(fit === undefined || groups !== undefined)',
  },
  {
    mistake: 'a barrier that comes out of another thread before the word of it is lost',
    file: `${runtime}/share.ts`,
    test: { vitest: 'packages/dataflow/test/shares.test.ts' },
    find: '          this.#begin(epoch);\n',
    replace: '',
  },
  {
    mistake: 'who waits for room in a ring is not woken',
    file: `${runtime}/threads/inlet.ts`,
    test: { vitest: 'packages/dataflow/test/ring.test.ts' },
    find: 'if (this.#ring.takeWaiting()) this.#wakeWriter();',
    replace: 'this.#ring.takeWaiting();',
  },
  {
    mistake: 'memory of a batch out of a ring is written again while it is under way',
    file: `${runtime}/threads/inlet.ts`,
    test: { vitest: 'packages/dataflow/test/ring.test.ts' },
    find: '    for (const channel of this.reach) if (!channel.room) return false;\n',
    replace: '',
  },
  {
    mistake: 'what comes of a checkpoint that was given up counts for the next',
    file: `${runtime}/share.ts`,
    test: commits,
    find: '    if (epoch <= this.#begun) return;\n',
    replace: '',
  },
  {
    mistake: 'what a sink prepared behind its snapshot is committed with it',
    file: `${runtime}/share.ts`,
    test: commits,
    find: 'part.images.has(stateKey(s.id, s.instance)) ? s.listedCount : s.preparedCount',
    replace: 's.preparedCount',
  },
  {
    mistake: 'a page that changes behind a barrier is not copied first',
    file: 'packages/state/src/memory/pages.ts',
    test: { vitest: 'packages/state/test/image.test.ts' },
    find: '    if (this.#left > 0) for (let i = 0; i < count; i++) this.#keep(slots[i]! >> bits);\n',
    replace: '',
  },
  {
    mistake: 'compaction writes into the strings that a snapshot still reads',
    file: 'packages/state/src/columns/arena.ts',
    test: { vitest: 'packages/state/test/image.test.ts' },
    find: '      this.#read = undefined;\n      this.starts = this.starts.slice();\n',
    replace: '',
  },
];
