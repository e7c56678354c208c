/* The options of the nexmark connector: those of the Nexmark project's own source, and a seed. */

import { present, UserError } from '#base';
import type { Options, OptionSchema, OptionSpec } from '#catalog';
import { parseTimestamp } from '#formats';
import { nexmarkDefaults, type NexmarkSettings } from './settings.ts';

const defaults = nexmarkDefaults;
const count = (key: string, value: number, doc: string): OptionSpec => ({
  key,
  type: 'long',
  default: String(value),
  doc,
});
const size = (key: string, value: number, doc: string): OptionSpec => ({
  key,
  type: 'memory',
  default: `${value} b`,
  doc,
});

export const nexmarkOptionSpecs: readonly OptionSpec[] = [
  count('events.num', 0, 'Events in total; 0 for no end.'),
  count('first-event.rate', defaults.eventsPerSecond, 'Events a second of event time.'),
  { key: 'next-event.rate', type: 'long', doc: `Accepted when it says the same as 'first-event.rate'.` },
  {
    key: 'rate.limited',
    type: 'boolean',
    default: 'false',
    doc: 'Emit events at their rate by the clock, not as fast as possible.',
  },
  count(
    'person.proportion',
    defaults.personProportion,
    'Persons among that many events: the sum of the three proportions.',
  ),
  count('auction.proportion', defaults.auctionProportion, 'Auctions among them.'),
  count('bid.proportion', defaults.bidProportion, 'Bids among them.'),
  size('person.avg-size', defaults.personBytes, 'Average size of a person.'),
  size('auction.avg-size', defaults.auctionBytes, 'Average size of an auction.'),
  size('bid.avg-size', defaults.bidBytes, 'Average size of a bid.'),
  count(
    'bid.hot-ratio.auctions',
    defaults.hotAuctionRatio,
    'All but one in so many bids are for a hot auction.',
  ),
  count('bid.hot-ratio.bidders', defaults.hotBidderRatio, 'All but one in so many bids are by a hot bidder.'),
  count(
    'auction.hot-ratio.sellers',
    defaults.hotSellerRatio,
    'All but one in so many auctions are by a hot seller.',
  ),
  {
    key: 'millrace.seed',
    aliases: ['seed'],
    type: 'long',
    doc: 'Makes the same events in every run; by default each run has a seed of its own.',
  },
  {
    key: 'millrace.base-time',
    type: 'string',
    doc: 'Event time of the first event; by default 2024-01-01 00:00:00 with a seed, else the clock.',
  },
];
export const nexmarkOptions: OptionSchema = { owner: `connector 'nexmark'`, specs: nexmarkOptionSpecs };

/** What the options say. Throws CAT1002. */
export function nexmarkSettings(options: Options): NexmarkSettings {
  const atLeast = (key: string, least: number): number => {
    const value = present(options.number(key), 'it has a default');
    if (value >= least) return value;
    throw new UserError('CAT1002', {
      at: options.at(key),
      message: `option '${key}': found '${value}', expected at least ${least}`,
    });
  };
  const next = options.number('next-event.rate');
  if (next !== undefined && next !== options.number('first-event.rate')) {
    throw new UserError('CAT1002', {
      at: options.at('next-event.rate'),
      message: `option 'next-event.rate': found '${next}', expected the value of 'first-event.rate'`,
      hint: 'A rate that changes with time is not there.',
    });
  }
  return {
    ...defaults,
    eventsPerSecond: atLeast('first-event.rate', 1),
    personProportion: atLeast('person.proportion', 1),
    auctionProportion: atLeast('auction.proportion', 1),
    bidProportion: atLeast('bid.proportion', 0),
    personBytes: present(options.bytes('person.avg-size'), 'it has a default'),
    auctionBytes: present(options.bytes('auction.avg-size'), 'it has a default'),
    bidBytes: present(options.bytes('bid.avg-size'), 'it has a default'),
    hotAuctionRatio: atLeast('bid.hot-ratio.auctions', 1),
    hotBidderRatio: atLeast('bid.hot-ratio.bidders', 1),
    hotSellerRatio: atLeast('auction.hot-ratio.sellers', 1),
  };
}

/** The base time that the table asks for; undefined when the clock shall say. */
export function nexmarkBaseMs(options: Options): number | undefined {
  const text =
    options.string('millrace.base-time') ??
    (options.has('millrace.seed') ? '2024-01-01 00:00:00' : undefined);
  if (text === undefined) return undefined;
  const at = parseTimestamp(text, 'SQL', false, 3);
  if (at !== undefined) return at.ms;
  throw new UserError('CAT1002', {
    at: options.at('millrace.base-time'),
    message: `option 'millrace.base-time': found '${text}', expected a timestamp such as 2024-01-01 00:00:00`,
  });
}
