/* What bench/scan.ts measures: records, and the columns that are read of them. */

import { Rng } from '#base';
import { types, type Field, type LogicalType } from '#data';
import { nexmarkEvent } from '../nexmark/events.ts';

export interface Case {
  readonly name: string;
  readonly format: 'json' | 'csv';
  readonly fields: readonly Field[];
  /** All cells of a record of CSV. */
  readonly record: readonly Field[];
  readonly records: readonly string[];
  /** The same values for JSON.parse. */
  readonly asJson: readonly string[];
}

const fieldsOf = (of: Readonly<Record<string, LogicalType>>): Field[] =>
  Object.entries(of).map(([name, type]) => ({ name, type }));

const bid = fieldsOf({
  auction: types.BIGINT,
  bidder: types.BIGINT,
  price: types.BIGINT,
  channel: types.STRING,
  url: types.STRING,
  dateTime: types.timestamp(3),
  extra: types.STRING,
});
const only = (...names: readonly string[]): Field[] => bid.filter((f) => names.includes(f.name));
const q0 = only('auction', 'bidder', 'price', 'dateTime', 'extra');
const four = only('auction', 'bidder', 'price', 'dateTime');
const event = (of: readonly Field[]): Field[] => [
  { name: 'event_type', type: types.INT },
  { name: 'bid', type: types.row(of) },
];

type Cells = Readonly<Record<string, string | number>>;

function shuffled(cells: Cells, rng: Rng): Cells {
  const entries = Object.entries(cells);
  for (let i = entries.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [entries[i], entries[j]] = [entries[j]!, entries[i]!];
  }
  return Object.fromEntries(entries);
}
const quoted = (cell: string | number): string => `"${String(cell).replaceAll('"', '""')}"`;

export function casesOf(count: number): Case[] {
  const rng = new Rng(42);
  const events = Array.from({ length: count }, (_, i) => nexmarkEvent(i, rng));
  const bids = events.flatMap((e) => {
    const cells = (JSON.parse(e) as { readonly bid: Cells | null }).bid;
    return cells === null ? [] : [cells];
  });
  const bidsAsJson = bids.map((b) => JSON.stringify(b));
  const json = (name: string, fields: readonly Field[], records: readonly string[]): Case => ({
    name,
    format: 'json',
    fields,
    record: fields,
    records,
    asJson: records,
  });
  const csv = (name: string, fields: readonly Field[], line: (cells: Cells) => string): Case => ({
    name,
    format: 'csv',
    fields,
    record: bid,
    records: bids.map(line),
    asJson: bidsAsJson,
  });
  const plain = (cells: Cells): string => Object.values(cells).join(',');
  const inQuotes = (cells: Cells): string => Object.values(cells).map(quoted).join(',');
  return [
    json('Nexmark JSON, columns of q0', event(q0), events),
    json('Nexmark JSON, 4 columns', event(four), events),
    json('Nexmark JSON, 7 columns', event(bid), events),
    json(
      'bids as JSON, keys in any order',
      bid,
      bids.map((b) => JSON.stringify(shuffled(b, rng))),
    ),
    csv('bids as CSV, 7 columns', bid, plain),
    csv('bids as CSV, 4 columns', four, plain),
    csv('bids as CSV, all in quotes, 7 columns', bid, inQuotes),
    csv('bids as CSV, a doubled quote in each, 7 columns', bid, (cells) =>
      inQuotes({ ...cells, channel: `a "${cells['channel']}"` }),
    ),
  ];
}
