/* The net rows that Flink gives for each Nexmark query over the first events, against ours; `npm run conformance -- nexmark`
 * asks it again, and shows the rows that differ. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Value } from '#data';
import { TestBoard } from '#testkit';
import { countCharStatement, sideRows, sideStatement } from '../../bench/nexmark/needs.ts';
import { recorded } from './answers.ts';
import { digestOf } from './net-rows.ts';
import { ask, comparedQueries, createTables, eventsOfTests, writeEvents } from './nexmark-cases.ts';
import { nexmarkParty } from './nexmark-ours.ts';

const answers = recorded('nexmark');
const folder = mkdtempSync(join(tmpdir(), 'millrace-nexmark-'));
const board = new TestBoard();
const ours = nexmarkParty(board);

/** Of so few events no auction has another number. */
const lookedUp = sideRows.filter(([key]) => key >= 1000 && key < 1400);

beforeAll(async () => {
  const events = join(folder, 'events');
  await writeEvents(ours, events, eventsOfTests);
  await createTables(ours, events, eventsOfTests);
  await ours.execute(countCharStatement);
  await ours.execute(sideStatement({ connector: 'test' }));
  const path = { catalog: 'default_catalog', database: 'default_database', object: 'side_input' };
  board.push(
    path,
    lookedUp.map(([key, value]) => ({
      kind: 0,
      metadata: new Map(),
      physical: new Map<string, Value>([
        ['key', BigInt(key)],
        ['value', value],
      ]),
    })),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('every query has an answer', () => {
  expect(answers.map((a) => a.sql)).toEqual(comparedQueries.map((q) => q.name));
});

// A window of processing time takes its ten seconds: q12 is left to the command.
test.each(comparedQueries.filter((q) => q.name !== 'q12'))('$name', async (q) => {
  const { rows, sha256 } = answers.find((a) => a.sql === q.name)!;
  expect(digestOf(await ask(ours, q, join(folder, q.name)))).toEqual({ rows, sha256 });
});
