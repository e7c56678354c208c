/* Nexmark events: persons, the auctions they open and the bids they make, straight into columns.
 *
 *   event number ──▶ kind, ids (settings.ts) ──▶ draws seeded by (seed, number) ──▶ cells of that kind's ROW
 *
 * An event is a function of the settings, the seed, the base time and its number: it is the same in any
 * batch, and with other columns left out. Every event draws from its own generator, so a kind that is not
 * read costs nothing. */

import type { Rng } from '#base';
import type { Column } from '#data';
import { RowRandom } from '../row-random.ts';
import {
  EventIds,
  eventType,
  firstAuctionId,
  firstCategoryId,
  firstPersonId,
  type NexmarkSettings,
} from './settings.ts';
import { Channels, cities, firstNames, lastNames, states, TextBytes } from './text.ts';

const categories = 5;
/** A hot id is the first of so many; ids may run ahead of what exists by so many. */
const hotEvery = 100;
const idLead = 10;

/** Which of the columns a reader wants. */
export interface WantedKinds {
  readonly person: boolean;
  readonly auction: boolean;
  readonly bid: boolean;
}
export const allKinds: WantedKinds = { person: true, auction: true, bid: true };

/** Some events as columns; of each kind its fields by name. */
export interface EventColumns {
  readonly rows: number;
  readonly eventType: Column;
  readonly person: NamedColumns | undefined;
  readonly auction: NamedColumns | undefined;
  readonly bid: NamedColumns | undefined;
}
export interface NamedColumns {
  readonly valid: Uint8Array;
  readonly columns: Readonly<Record<string, Column>>;
}

export class NexmarkGenerator {
  readonly ids: EventIds;
  readonly #settings: NexmarkSettings;
  readonly #random: RowRandom;
  readonly #channels: Channels;
  readonly #baseMs: number;

  constructor(settings: NexmarkSettings, seed: number, baseMs: number) {
    this.ids = new EventIds(settings);
    this.#settings = settings;
    this.#random = new RowRandom(seed, 0);
    this.#channels = new Channels(seed);
    this.#baseMs = baseMs;
  }

  /** The events `first`, `first + step`, …: `rows` of them. */
  events(first: number, step: number, rows: number, wanted: WantedKinds): EventColumns {
    const types = new Int32Array(rows);
    const text = new TextBytes(rows * 160);
    const person = wanted.person ? new PersonCells(rows, text) : undefined;
    const auction = wanted.auction ? new AuctionCells(rows, text) : undefined;
    const bid = wanted.bid ? new BidCells(rows, text, this.#channels) : undefined;
    for (let row = 0, event = first; row < rows; row++, event += step) {
      const kind = this.ids.kind(event);
      types[row] = kind;
      if (kind === eventType.bid) {
        if (bid !== undefined) this.#bid(bid, row, event);
      } else if (kind === eventType.auction) {
        if (auction !== undefined) this.#auction(auction, row, event);
      } else if (person !== undefined) this.#person(person, row, event);
    }
    return {
      rows,
      eventType: { layout: 'i32', valid: undefined, values: types },
      person: person?.named(),
      auction: auction?.named(),
      bid: bid?.named(),
    };
  }

  /** Event time of an event. */
  timeOf(event: number): number {
    return this.#baseMs + Math.floor(Math.floor((event * 1e6) / this.#settings.eventsPerSecond) / 1000);
  }

  #bid(cells: BidCells, row: number, event: number): void {
    const { hotAuctionRatio, hotBidderRatio, bidBytes } = this.#settings;
    const rng = this.#random.at(event);
    const auction =
      rng.below(hotAuctionRatio) > 0
        ? Math.trunc(this.ids.lastAuction(event) / hotEvery) * hotEvery
        : this.#anyAuction(rng, event);
    // The second of each hundred, for the first is the hot seller.
    const bidder =
      rng.below(hotBidderRatio) > 0
        ? Math.floor(this.ids.lastPerson(event) / hotEvery) * hotEvery + 1
        : this.#anyPerson(rng, event);
    cells.valid[row] = 1;
    cells.auction[row] = auction + firstAuctionId;
    cells.bidder[row] = bidder + firstPersonId;
    cells.price[row] = price(rng);
    cells.dateTime[row] = this.timeOf(event);
    const channels = this.#channels;
    cells.setChannel(
      row,
      rng.below(2) === 0 ? rng.below(channels.hot) : channels.hot + rng.below(channels.all - channels.hot),
    );
    cells.extra.begin(row);
    cells.text.filler(rng, 32, bidBytes);
    cells.extra.end(row);
  }

  #auction(cells: AuctionCells, row: number, event: number): void {
    const { hotSellerRatio, auctionBytes, auctionsInFlight, auctionProportion } = this.#settings;
    const rng = this.#random.at(event);
    const at = this.timeOf(event);
    const seller =
      rng.below(hotSellerRatio) > 0
        ? Math.floor(this.ids.lastPerson(event) / hotEvery) * hotEvery
        : this.#anyPerson(rng, event);
    const initialBid = price(rng);
    // Auctions last, on average, until as many more are open as may be in flight.
    const ahead = Math.floor((auctionsInFlight * this.ids.round) / auctionProportion);
    const horizonMs = this.timeOf(event + ahead) - at;
    cells.valid[row] = 1;
    cells.id[row] = this.ids.lastAuction(event) + firstAuctionId;
    cells.seller[row] = seller + firstPersonId;
    cells.category[row] = firstCategoryId + rng.below(categories);
    cells.initialBid[row] = initialBid;
    cells.reserve[row] = initialBid + price(rng);
    cells.dateTime[row] = at;
    cells.expires[row] = at + 1 + rng.below(Math.max(horizonMs * 2, 1));
    cells.itemName.begin(row);
    cells.text.words(rng, 20);
    cells.itemName.end(row);
    cells.description.begin(row);
    cells.text.words(rng, 100);
    cells.description.end(row);
    cells.extra.begin(row);
    cells.text.filler(rng, 48 + cells.itemName.lengths[row]! + cells.description.lengths[row]!, auctionBytes);
    cells.extra.end(row);
  }

  #person(cells: PersonCells, row: number, event: number): void {
    const rng = this.#random.at(event);
    const { text } = cells;
    cells.valid[row] = 1;
    cells.id[row] = this.ids.lastPerson(event) + firstPersonId;
    cells.dateTime[row] = this.timeOf(event);
    cells.name.begin(row);
    text.ascii(`${rng.pick(firstNames)} ${rng.pick(lastNames)}`);
    cells.name.end(row);
    cells.emailAddress.begin(row);
    text.words(rng, 7);
    text.ascii('@');
    text.words(rng, 5);
    text.ascii('.com');
    cells.emailAddress.end(row);
    cells.creditCard.begin(row);
    for (let i = 0; i < 4; i++)
      text.ascii(`${i > 0 ? ' ' : ''}${String(rng.below(10_000)).padStart(4, '0')}`);
    cells.creditCard.end(row);
    cells.city.begin(row);
    text.ascii(rng.pick(cities));
    cells.city.end(row);
    cells.state.begin(row);
    text.ascii(rng.pick(states));
    cells.state.end(row);
    const length = text.size - cells.name.starts[row]!;
    cells.extra.begin(row);
    text.filler(rng, 8 + length, this.#settings.personBytes);
    cells.extra.end(row);
  }

  #anyAuction(rng: Rng, event: number): number {
    const last = this.ids.lastAuction(event);
    const least = Math.max(last - this.#settings.auctionsInFlight, 0);
    return least + rng.below(last - least + 1 + idLead);
  }
  #anyPerson(rng: Rng, event: number): number {
    const persons = this.ids.lastPerson(event) + 1;
    const active = Math.min(persons, this.#settings.activePeople);
    return persons - active + rng.below(active + idLead);
  }
}

/** Cents, few of them large: 100 to 100,000,000, its logarithm spread evenly. */
const price = (rng: Rng): number => Math.round(10 ** (rng.double() * 6) * 100);

/** Strings of one column in bytes shared with others. */
class Strings {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly #text: TextBytes;

  constructor(rows: number, text: TextBytes) {
    this.starts = new Int32Array(rows);
    this.lengths = new Int32Array(rows);
    this.#text = text;
  }
  begin(row: number): void {
    this.starts[row] = this.#text.size;
  }
  end(row: number): void {
    this.lengths[row] = this.#text.size - this.starts[row]!;
  }
  column(): Column {
    return {
      layout: 'bytes',
      valid: undefined,
      starts: this.starts,
      lengths: this.lengths,
      data: this.#text.data,
    };
  }
}

const longs = (values: Float64Array): Column => ({ layout: 'exact', wide: false, valid: undefined, values });
const times = (millis: Float64Array): Column => ({
  layout: 'time',
  valid: undefined,
  millis,
  nanos: undefined,
});

class BidCells {
  readonly text: TextBytes;
  readonly valid: Uint8Array;
  readonly auction: Float64Array;
  readonly bidder: Float64Array;
  readonly price: Float64Array;
  readonly dateTime: Float64Array;
  readonly extra: Strings;
  readonly #channels: Channels;
  readonly #channel: Strings;
  readonly #url: Strings;

  constructor(rows: number, text: TextBytes, channels: Channels) {
    this.text = text;
    this.valid = new Uint8Array(rows);
    this.auction = new Float64Array(rows);
    this.bidder = new Float64Array(rows);
    this.price = new Float64Array(rows);
    this.dateTime = new Float64Array(rows);
    this.extra = new Strings(rows, text);
    this.#channels = channels;
    this.#channel = new Strings(rows, text);
    this.#url = new Strings(rows, text);
  }
  setChannel(row: number, channel: number): void {
    const name = this.#channels.nameStart(channel);
    const url = this.#channels.urlStart(channel);
    this.#channel.starts[row] = name;
    this.#channel.lengths[row] = url - name;
    this.#url.starts[row] = url;
    this.#url.lengths[row] = this.#channels.urlEnd(channel) - url;
  }
  named(): NamedColumns {
    const shared = (cells: Strings): Column => ({
      layout: 'bytes',
      valid: undefined,
      starts: cells.starts,
      lengths: cells.lengths,
      data: this.#channels.data,
    });
    return {
      valid: this.valid,
      columns: {
        auction: longs(this.auction),
        bidder: longs(this.bidder),
        price: longs(this.price),
        channel: shared(this.#channel),
        url: shared(this.#url),
        dateTime: times(this.dateTime),
        extra: this.extra.column(),
      },
    };
  }
}

class AuctionCells {
  readonly text: TextBytes;
  readonly valid: Uint8Array;
  readonly id: Float64Array;
  readonly itemName: Strings;
  readonly description: Strings;
  readonly initialBid: Float64Array;
  readonly reserve: Float64Array;
  readonly dateTime: Float64Array;
  readonly expires: Float64Array;
  readonly seller: Float64Array;
  readonly category: Float64Array;
  readonly extra: Strings;

  constructor(rows: number, text: TextBytes) {
    this.text = text;
    this.valid = new Uint8Array(rows);
    this.id = new Float64Array(rows);
    this.itemName = new Strings(rows, text);
    this.description = new Strings(rows, text);
    this.initialBid = new Float64Array(rows);
    this.reserve = new Float64Array(rows);
    this.dateTime = new Float64Array(rows);
    this.expires = new Float64Array(rows);
    this.seller = new Float64Array(rows);
    this.category = new Float64Array(rows);
    this.extra = new Strings(rows, text);
  }
  named(): NamedColumns {
    return {
      valid: this.valid,
      columns: {
        id: longs(this.id),
        itemName: this.itemName.column(),
        description: this.description.column(),
        initialBid: longs(this.initialBid),
        reserve: longs(this.reserve),
        dateTime: times(this.dateTime),
        expires: times(this.expires),
        seller: longs(this.seller),
        category: longs(this.category),
        extra: this.extra.column(),
      },
    };
  }
}

class PersonCells {
  readonly text: TextBytes;
  readonly valid: Uint8Array;
  readonly id: Float64Array;
  readonly name: Strings;
  readonly emailAddress: Strings;
  readonly creditCard: Strings;
  readonly city: Strings;
  readonly state: Strings;
  readonly dateTime: Float64Array;
  readonly extra: Strings;

  constructor(rows: number, text: TextBytes) {
    this.text = text;
    this.valid = new Uint8Array(rows);
    this.id = new Float64Array(rows);
    this.name = new Strings(rows, text);
    this.emailAddress = new Strings(rows, text);
    this.creditCard = new Strings(rows, text);
    this.city = new Strings(rows, text);
    this.state = new Strings(rows, text);
    this.dateTime = new Float64Array(rows);
    this.extra = new Strings(rows, text);
  }
  named(): NamedColumns {
    return {
      valid: this.valid,
      columns: {
        id: longs(this.id),
        name: this.name.column(),
        emailAddress: this.emailAddress.column(),
        creditCard: this.creditCard.column(),
        city: this.city.column(),
        state: this.state.column(),
        dateTime: times(this.dateTime),
        extra: this.extra.column(),
      },
    };
  }
}
