/* Lines of a small web shop: clicks and orders as JSON, some of them late, some of them broken.
 *
 *   {"type":"click","id":"c-17","user":"u3","page":"/product/4","at":"2024-01-01 00:00:00.170"}
 *   {"type":"order","id":"o-18","user":"u3","product":4,"quantity":2,"amount":39.80,"at":"2024-01-01 …"}
 *
 * A line is a function of the settings, the seed, the base time and its number. */

import type { Rng } from '#base';
import { timestampToText } from '#formats';
import { RowRandom } from '../row-random.ts';

export type DemoStream = 'clicks' | 'orders' | 'all';

export interface DemoSettings {
  readonly stream: DemoStream;
  readonly rowsPerSecond: number;
  readonly lateShare: number;
  readonly lateByMs: number;
  readonly malformedShare: number;
  readonly users: number;
}

/** Of ten events of both streams so many are orders. */
const ordersInTen = 2;
const products = 40;
/** Pages that are no product, the most visited first. */
const pages = ['/', '/search', '/cart', '/checkout', '/about'] as const;

export class DemoLines {
  readonly #settings: DemoSettings;
  readonly #random: RowRandom;
  readonly #baseMs: number;

  constructor(settings: DemoSettings, seed: number, baseMs: number) {
    this.#settings = settings;
    this.#random = new RowRandom(seed, 0);
    this.#baseMs = baseMs;
  }

  /** Line `row`, from 0. */
  at(row: number): string {
    const { stream, rowsPerSecond, lateShare, lateByMs, malformedShare, users } = this.#settings;
    const rng = this.#random.at(row);
    const isOrder = stream === 'orders' || (stream === 'all' && rng.below(10) < ordersInTen);
    const lateMs = rng.double() < lateShare ? rng.below(lateByMs + 1) : 0;
    const ms = this.#baseMs + Math.floor((row * 1000) / rowsPerSecond) - lateMs;
    // The product of two draws: some users come often, most seldom.
    const user = Math.floor(rng.double() * rng.double() * users);
    const at = timestampToText(ms, 0, 'SQL', false);
    const broken = rng.double() < malformedShare;
    const line = isOrder ? order(rng, row, user, at) : click(rng, row, user, at);
    return broken ? breakLine(rng, line) : line;
  }
}

function click(rng: Rng, row: number, user: number, at: string): string {
  const page =
    rng.below(2) === 0 ? `/product/${rng.below(products)}` : pages[Math.min(rng.below(5), rng.below(5))]!;
  return `{"type":"click","id":"c-${row}","user":"u${user}","page":"${page}","at":"${at}"}`;
}

function order(rng: Rng, row: number, user: number, at: string): string {
  const product = rng.below(products);
  const quantity = 1 + Math.min(rng.below(5), rng.below(5));
  const cents = (990 + product * 250) * quantity;
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  const what = `"product":${product},"quantity":${quantity},"amount":${amount}`;
  return `{"type":"order","id":"o-${row}","user":"u${user}",${what},"at":"${at}"}`;
}

/** The ways in which real lines are broken: cut off, not JSON at all, a sign missing, a line that stops
 *  early. */
function breakLine(rng: Rng, line: string): string {
  switch (rng.below(4)) {
    case 0:
      return line.slice(0, 10 + rng.below(line.length - 10));
    case 1:
      return `GET /favicon.ico HTTP/1.1 404`;
    case 2:
      return line.replace('"id":', '"id" ');
    default:
      return `{"type":`;
  }
}
