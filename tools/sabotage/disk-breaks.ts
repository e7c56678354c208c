/* Mistakes with state that leaves memory for the disk. */

import type { Break } from './break.ts';

const store = { vitest: 'packages/state/test/disk-store.test.ts' } as const;
const slices = { vitest: 'packages/state/test/disk-slices.test.ts' } as const;
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
    mistake: 'an arrival on disk counts, whatever its row says',
    file: `${disk}/slice-table.ts`,
    test: slices,
    find: 'if (value === undefined || new BytesReader(contentOf(value)).f64() !== arrival) return -1;',
    replace: 'if (value === undefined) return -1;',
  },
  {
    mistake: 'rows of a window that is over go while a checkpoint needs them',
    file: `${disk}/disk-slices.ts`,
    test: slices,
    find: 'dropSlice(number, isUnnamed({ since }, this.#disk.generation))',
    replace: 'dropSlice(number, since !== null || isUnnamed({ since }, 0))',
  },
];
