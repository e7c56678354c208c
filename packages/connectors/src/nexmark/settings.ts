/* What shapes a Nexmark stream, and the arithmetic of its ids: which kind of event stands at which number,
 * and which persons and auctions exist by then. Event numbers, ids and times are whole numbers below 2^53. */

export interface NexmarkSettings {
  /** Events a second of event time. */
  readonly eventsPerSecond: number;
  readonly personProportion: number;
  readonly auctionProportion: number;
  readonly bidProportion: number;
  /** Average bytes of an event, by kind. */
  readonly personBytes: number;
  readonly auctionBytes: number;
  readonly bidBytes: number;
  /** All but one in so many go to the hot one. */
  readonly hotAuctionRatio: number;
  readonly hotBidderRatio: number;
  readonly hotSellerRatio: number;
  /** Persons who may sell and bid, auctions that are open. */
  readonly activePeople: number;
  readonly auctionsInFlight: number;
}

export const nexmarkDefaults: NexmarkSettings = {
  eventsPerSecond: 10_000,
  personProportion: 1,
  auctionProportion: 3,
  bidProportion: 46,
  personBytes: 200,
  auctionBytes: 500,
  bidBytes: 100,
  hotAuctionRatio: 2,
  hotBidderRatio: 4,
  hotSellerRatio: 4,
  activePeople: 1000,
  auctionsInFlight: 100,
};

/** Values of event_type. */
export const eventType = { person: 0, auction: 1, bid: 2 } as const;
export type EventType = (typeof eventType)[keyof typeof eventType];

export const firstPersonId = 1000;
export const firstAuctionId = 1000;
export const firstCategoryId = 10;

/** Ids of a stream, from 0; callers add `firstPersonId` and `firstAuctionId`. */
export class EventIds {
  readonly #persons: number;
  readonly #auctions: number;
  readonly #round: number;

  constructor(settings: NexmarkSettings) {
    this.#persons = settings.personProportion;
    this.#auctions = settings.auctionProportion;
    this.#round = settings.personProportion + settings.auctionProportion + settings.bidProportion;
  }
  /** Events of one round: after each the kinds come again in the same order. */
  get round(): number {
    return this.#round;
  }
  kind(event: number): EventType {
    const place = event % this.#round;
    if (place < this.#persons) return eventType.person;
    return place < this.#persons + this.#auctions ? eventType.auction : eventType.bid;
  }
  /** The person made at `event` or last before it. */
  lastPerson(event: number): number {
    const round = Math.floor(event / this.#round);
    return round * this.#persons + Math.min(event % this.#round, this.#persons - 1);
  }
  /** The auction made at `event` or last before it; -1 before the first. */
  lastAuction(event: number): number {
    const round = Math.floor(event / this.#round);
    const place = event % this.#round;
    if (place < this.#persons) return round * this.#auctions - 1;
    return round * this.#auctions + Math.min(place - this.#persons, this.#auctions - 1);
  }
}
