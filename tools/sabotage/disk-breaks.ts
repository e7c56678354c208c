/* Mistakes with state that leaves memory for the disk. */

import type { Break } from './break.ts';

const slices = { vitest: 'packages/state/test/disk-slices.test.ts' } as const;
const store = { vitest: 'packages/state/test/disk-store.test.ts' } as const;
const disk = 'packages/state/src/disk';

export const diskBreaks: readonly Break[] = [
  {
    mistake: 'what a key on disk held before is not kept for the last snapshot',
    file: `${disk}/disk-file.ts`,
    test: store,
    find: '      if (undo !== undefined) writes.push(undo);\n',
    replace: '',
  },
  {
    mistake: 'what was written since a snapshot is taken back the first first',
    file: `${disk}/disk-file.ts`,
    test: store,
    find: 'const entries = this.#map.range(from, to, stepEntries, true);',
    replace: 'const entries = this.#map.range(from, to, stepEntries);',
  },
  {
    mistake: 'a snapshot is durable before what it names on disk is',
    file: `${disk}/disk-file.ts`,
    test: store,
    find: '    await this.#settled();\n    await this.#map.flush();\n',
    replace: '',
  },
  {
    mistake: 'a row that goes to disk leaves its timers behind',
    file: `${disk}/evicting-table.ts`,
    test: store,
    find: "        disk.put(timerKey(timers.number, at, key), new Uint8Array(0), 'unknown');\n",
    replace: '        void at;\n',
  },
  {
    mistake: 'a key that is removed in memory is still there on disk',
    file: `${disk}/evicting-table.ts`,
    test: store,
    find: '    if (this.wasWritten(slot)) this.disk.remove(this.#rowKey(slot), this.before(slot));\n',
    replace: '',
  },
  {
    mistake: 'old versions go that a kept snapshot still needs',
    file: `${disk}/row-disk.ts`,
    test: store,
    find: '    this.#file.forget(this.#durable[0]!);',
    replace: '    this.#file.forget(this.#lastEnded + 1);',
  },
  {
    mistake: 'keys of a window go out in memory first, whatever came before them',
    file: `${disk}/key-walk.ts`,
    test: slices,
    find: 'if (arrival <= onDisk) {',
    replace: 'if (arrival < Infinity) {',
  },
  {
    mistake: 'a slice that a snapshot names is written as if none did',
    file: `${disk}/slice-table.ts`,
    test: slices,
    find: 'since === undefined || since === generation',
    replace: 'since !== generation || since === generation',
  },
  {
    mistake: 'the arrival of a key that came again is taken for its last one',
    file: `${disk}/slice-table.ts`,
    test: slices,
    find: 'if (value === undefined || new BytesReader(contentOf(value)).f64() !== arrival) return -1;',
    replace: 'if (value === undefined || Number.isNaN(arrival)) return -1;',
  },
  {
    mistake: 'rows of a dropped slice go although a snapshot names it',
    file: `${disk}/disk-file.ts`,
    test: slices,
    find: 'since: isUnnamed ? -1 : this.generation',
    replace: 'since: isUnnamed ? -1 : -1',
  },
  {
    mistake: 'keys whose rows are being written are passed over when a window goes out',
    file: `${disk}/key-walk.ts`,
    test: slices,
    find: '[...disk.underWay(space.arrivals)]',
    replace: '[...disk.underWay(space.arrivals)].slice(0, 0)',
  },
  {
    mistake: 'a slice has the number of one that was gone back behind',
    file: `${disk}/row-disk.ts`,
    test: slices,
    find: '      if (last !== undefined) this.reserveSlice(sliceOf(last));\n',
    replace: '      void last;\n',
  },
  {
    mistake: 'on disk a MAP is known by the order of its entries',
    file: 'packages/state/src/value-bytes.ts',
    test: slices,
    find: '      entries.sort((a, b) => Buffer.compare(a.keyBytes, b.keyBytes));\n',
    replace: '',
  },
];
