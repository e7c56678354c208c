/* Nexmark events as JSON, from a seed: 1 person, 3 auctions and 46 bids in 50 events, with the suite's
 * sizes. */

import type { Rng } from '#base';

const baseTime = Date.UTC(2024, 0, 1);
const eventsPerSecond = 10_000;
const channels = ['Google', 'Facebook', 'Baidu', 'Apple'] as const;
const letters = 'abcdefghijklmnopqrstuvwxyz';

function text(rng: Rng, length: number): string {
  let out = '';
  while (out.length < length)
    out += letters[rng.below(26)]! + letters[rng.below(26)]! + letters[rng.below(26)]!;
  return out.slice(0, length);
}
const time = (event: number): string =>
  new Date(baseTime + Math.floor((event * 1000) / eventsPerSecond))
    .toISOString()
    .replace('T', ' ')
    .slice(0, 23);

type Cells = readonly (readonly [name: string, value: string | number])[];

/** An object with its fields in this order. */
function object(cells: Cells): string {
  const members = cells.map(
    ([name, value]) => `"${name}":${typeof value === 'number' ? value : `"${value}"`}`,
  );
  return `{${members.join(',')}}`;
}

function person(event: number, rng: Rng): string {
  return object([
    ['id', 1000 + Math.floor(event / 50)],
    ['name', `${text(rng, 6)} ${text(rng, 7)}`],
    ['emailAddress', `${text(rng, 9)}@${text(rng, 8)}.com`],
    ['creditCard', '1234 5678 9012 3456'],
    ['city', text(rng, 9)],
    ['state', 'WA'],
    ['dateTime', time(event)],
    ['extra', text(rng, 60)],
  ]);
}
function auction(event: number, rng: Rng): string {
  return object([
    ['id', 1000 + Math.floor(event / 50) * 3 + (event % 50) - 1],
    ['itemName', text(rng, 20)],
    ['description', text(rng, 90)],
    ['initialBid', rng.below(10_000)],
    ['reserve', rng.below(20_000)],
    ['dateTime', time(event)],
    ['expires', time(event + 50_000)],
    ['seller', 1000 + rng.below(1000)],
    ['category', 10 + rng.below(5)],
    ['extra', text(rng, 200)],
  ]);
}
function bid(event: number, rng: Rng): string {
  const auctions = Math.floor(event / 50) * 3;
  const hot = rng.below(2) === 0;
  const known = rng.below(2) === 0;
  return object([
    ['auction', 1000 + (hot ? Math.floor(auctions / 100) * 100 : Math.max(0, auctions - rng.below(100)))],
    ['bidder', 1000 + Math.floor(event / 50 / 100) * 100 + rng.below(100)],
    ['price', Math.round(10 ** (rng.double() * 6) * 100)],
    ['channel', known ? rng.pick(channels) : `channel-${rng.below(10_000)}`],
    ['url', `https://www.nexmark.com/${text(rng, 5)}/${text(rng, 5)}/${text(rng, 5)}/item.htm?query=1`],
    ['dateTime', time(event)],
    ['extra', text(rng, 30 + rng.below(60))],
  ]);
}

/** Event number `event` as one JSON record. */
export function nexmarkEvent(event: number, rng: Rng): string {
  const kind = event % 50;
  if (kind === 0) return `{"event_type":0,"person":${person(event, rng)},"auction":null,"bid":null}`;
  if (kind < 4) return `{"event_type":1,"person":null,"auction":${auction(event, rng)},"bid":null}`;
  return `{"event_type":2,"person":null,"auction":null,"bid":${bid(event, rng)}}`;
}
