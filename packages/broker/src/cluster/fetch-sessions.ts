/* Fetch sessions (KIP-227): a reader names its partitions once and later only what changed; the answer leaves out
 * partitions that have nothing new.
 *
 *   id 0, epoch 0 ─▶ new session        id n, epoch e ─▶ the session, one epoch on        epoch -1 ─▶ none, and n ends
 *
 * Keeps: per session its partitions in the order in which they are read: who got records goes to the end. */

import type { ErrorName, FetchRequest } from '#kafka';

type WantedTopic = FetchRequest['topics'][number];
type WantedPartition = WantedTopic['partitions'][number];

/** One partition that a reader wants. */
export interface FetchPlace {
  /** Empty in versions with topic ids, and the other way round. */
  readonly topic: string;
  readonly topicId: string;
  readonly wanted: WantedPartition;
  /** What the reader was told last: it is told again only when that changes. -1: never. */
  highWatermark: number;
  logStartOffset: number;
}
interface Session {
  readonly id: number;
  epoch: number;
  usedAt: number;
  readonly places: Map<string, FetchPlace>;
}
export interface Opened {
  /** 0: there is no session, and everything is answered. */
  readonly sessionId: number;
  /** Only partitions with something new are answered. */
  readonly incremental: boolean;
  readonly places: readonly FetchPlace[];
  /** Moves a place behind the others, so that no partition starves. */
  readonly served: (place: FetchPlace) => void;
}

const finalEpoch = -1;
const epochMax = 0x7fff_ffff;
/** A session that was not used for so long gives way to a new one. */
const evictAfterMs = 120_000;

const placeKey = (topic: string, topicId: string, partition: number): string =>
  `${topic}/${topicId}/${partition}`;
function* placesOf(topics: readonly WantedTopic[]): Iterable<FetchPlace> {
  for (const { topic, topicId, partitions } of topics)
    for (const wanted of partitions) yield { topic, topicId, wanted, highWatermark: -1, logStartOffset: -1 };
}

export class FetchSessions {
  readonly #sessions = new Map<number, Session>();
  readonly #newId: () => number;
  readonly #slots: number;

  /** `slots`: `max.incremental.fetch.session.cache.slots`. `newId`: any number from 1 on. */
  constructor(slots: number, newId: () => number) {
    this.#slots = slots;
    this.#newId = newId;
  }
  /** What a request asks for. */
  open(request: FetchRequest, now: number): Opened | { readonly error: ErrorName } {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch === finalEpoch || sessionEpoch === 0) {
      this.#sessions.delete(sessionId);
      const places = [...placesOf(request.topics)];
      const session = sessionEpoch === 0 ? this.#create(places, now) : undefined;
      return this.#opened(session, places, false);
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return { error: 'FETCH_SESSION_ID_NOT_FOUND' };
    if (sessionEpoch !== session.epoch) return { error: 'INVALID_FETCH_SESSION_EPOCH' };
    session.epoch = session.epoch === epochMax ? 1 : session.epoch + 1;
    session.usedAt = now;
    update(session, request);
    return this.#opened(session, [...session.places.values()], true);
  }
  #opened(session: Session | undefined, places: readonly FetchPlace[], incremental: boolean): Opened {
    return {
      sessionId: session?.id ?? 0,
      incremental,
      places,
      served: (place) => {
        const key = placeKey(place.topic, place.topicId, place.wanted.partition);
        if (session?.places.delete(key) === true) session.places.set(key, place);
      },
    };
  }
  #create(places: readonly FetchPlace[], now: number): Session | undefined {
    if (places.length === 0 || !this.#makeRoom(now)) return undefined;
    let id = this.#newId();
    while (this.#sessions.has(id)) id = this.#newId();
    const byKey = new Map(places.map((p) => [placeKey(p.topic, p.topicId, p.wanted.partition), p]));
    const session: Session = { id, epoch: 1, usedAt: now, places: byKey };
    this.#sessions.set(id, session);
    return session;
  }
  #makeRoom(now: number): boolean {
    if (this.#sessions.size < this.#slots) return true;
    for (const [id, { usedAt }] of this.#sessions) {
      if (now - usedAt <= evictAfterMs) continue;
      this.#sessions.delete(id);
      return true;
    }
    return false;
  }
}

function update({ places }: Session, request: FetchRequest): void {
  for (const { topic, topicId, partitions } of request.forgottenTopicsData)
    for (const partition of partitions) places.delete(placeKey(topic, topicId, partition));
  for (const place of placesOf(request.topics)) {
    const key = placeKey(place.topic, place.topicId, place.wanted.partition);
    const known = places.get(key);
    places.set(key, known === undefined ? place : { ...known, wanted: place.wanted });
  }
}
