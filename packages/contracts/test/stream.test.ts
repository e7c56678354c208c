/* What of a contract is held of the rows of a stream. */

import { expect, test } from 'vitest';
import { streamChecksFrom } from '#contracts';

const contract = `contract: {name: orders, version: 1.0.0, owner: sales}
schema:
  - {name: id, type: integer, primary_key: true}
  - {name: status, type: string, enum: [new, paid]}
  - {name: total, type: decimal, minimum: 0}
sla:
  freshness: {max_delay_hours: 24, column: at}
  completeness: {min_percentage: 90}
`;
const suite = JSON.stringify({
  expectations: [{ type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 1 } }],
});
const columns = [
  { name: 'id', typeText: 'INT NOT NULL' },
  { name: 'status', typeText: 'STRING' },
  { name: 'total', typeText: 'DECIMAL(10, 2)' },
  { name: 'at', typeText: 'TIMESTAMP(3)' },
];

test('its fields and its freshness are, beside a suite; keys are of a table', async () => {
  const load = streamChecksFrom(async (path) => (path === 'orders.yaml' ? contract : suite));
  const asked = { table: 'orders', columns, rowtime: 'at', onFailure: 'drop', windowMs: 60_000 } as const;
  const { rows, freshness, quality } = await load(
    { ...asked, suite: 'orders.json', contract: 'orders.yaml' },
    0,
  );
  expect(rows.map((r) => `${r.subject} ${r.action} ${r.unexpected}`)).toEqual([
    'id drop `id` IS NULL',
    "status drop (NOT (`status` IS NULL)) AND (`status` IN ('new', 'paid')) IS NOT TRUE",
    'total drop (NOT (`total` IS NULL)) AND ((`total` >= 0)) IS NOT TRUE',
    'status drop `status` IS NULL',
    'total drop `total` IS NULL',
  ]);
  expect(freshness.map((f) => [f.subject, f.newest, f.text, f.strict])).toEqual([
    ['at', '`at`', 'the newest value at most 24 h old', false],
  ]);
  expect('query' in quality && quality.query).toContain('TUMBLE(TABLE `orders$rows`, DESCRIPTOR(`at`)');
});
