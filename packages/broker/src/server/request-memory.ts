/* Memory of all requests in work, over all connections: long frames while they arrive and are answered, and the records of
 * answers until the socket took them.
 *
 *   a long frame is announced ─▶ room? yes: read · no: it waits its turn, unread
 *   records are answered      ─▶ no more than there is room for, but one batch
 *
 * Kafka: queued.max.request.bytes. As there, who has waited too long goes first when room is short: while somebody waits,
 * connections that hold memory without getting on are ended, the largest first, so that a client that sends half a request
 * or reads nothing stops no other. Short frames are always taken, and not counted: a connection holds no more than its
 * socket's buffer by them. */

import type { Timer, World } from '#base';
import { SpareMemory } from './spare-memory.ts';

/** Frames and answers up to this length take no room. */
export const uncountedBytesMax = 16 << 10;
/** How long memory may be held without getting on while others wait for it. */
const patienceMs = 5000;

/** What one request may hold beside its frame. */
export interface AnswerRoom {
  /** How many bytes of records an answer may have now. */
  readonly left: number;
  /** Counts them, until the answer is sent. */
  take(bytes: number): void;
  /** Memory for what is read from a disk into the answer: its own until it is sent. */
  buffer(bytes: number): Buffer;
}
/** No bound: for clients in the same process. */
export const unbounded: AnswerRoom = {
  left: Infinity,
  take: () => {},
  buffer: (bytes) => Buffer.allocUnsafe(bytes),
};

interface Waiting {
  readonly share: MemoryShare;
  readonly bytes: number;
  readonly admitted: () => void;
}

export class RequestMemory {
  readonly spare = new SpareMemory();
  readonly #bytesMax: number;
  readonly #world: World;
  readonly #shares = new Set<MemoryShare>();
  #waiting: Waiting[] = [];
  #held = 0;
  #timer: Timer | undefined;

  constructor(bytesMax: number, world: World) {
    this.#bytesMax = bytesMax;
    this.#world = world;
  }
  get left(): number {
    return Math.max(0, this.#bytesMax - this.#held);
  }
  /** Answers are about to be cut short. */
  get scarce(): boolean {
    return this.left < this.#bytesMax / 8;
  }
  /** A connection's. `stalled` is called when it has to end for the others. */
  share(stalled: (reason: string) => void): MemoryShare {
    return new MemoryShare(this, this.#world, stalled);
  }
  /** True: taken. False: `admitted` is called when it is. What is longer than all memory is taken when nothing else is. */
  admit(share: MemoryShare, bytes: number, admitted: () => void): boolean {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      share.take(bytes);
      return true;
    }
    this.#waiting.push({ share, bytes, admitted });
    this.press();
    return false;
  }
  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#held + bytes <= this.#bytesMax;
  }
  changed(share: MemoryShare, by: number): void {
    this.#held += by;
    if (share.bytes > 0) this.#shares.add(share);
    else this.#shares.delete(share);
    if (by < 0) this.#serve();
  }
  /** Nobody waits for this connection any longer. */
  leave(share: MemoryShare): void {
    this.#waiting = this.#waiting.filter((w) => w.share !== share);
    this.#serve();
  }
  #serve(): void {
    for (let [next] = this.#waiting; next !== undefined && this.#fits(next.bytes); [next] = this.#waiting) {
      this.#waiting.shift();
      next.share.take(next.bytes);
      next.admitted();
    }
  }
  /** Room is short: who holds it for too long is ended. */
  press(): void {
    this.#timer ??= this.#world.after(patienceMs / 5, () => {
      this.#timer = undefined;
      this.#endStalled();
    });
  }
  #endStalled(): void {
    const before = this.#world.monotonic() - patienceMs;
    const [first] = this.#waiting;
    const stalled = [...this.#shares].filter((s) => s.since <= before).sort((a, b) => b.bytes - a.bytes);
    for (const share of stalled) {
      if (first === undefined ? !this.scarce : this.#waiting[0] !== first) break;
      share.end();
    }
    if (this.#waiting.length > 0) this.press();
  }
  close(): void {
    this.#timer?.cancel();
  }
}

/** What one connection holds. */
export class MemoryShare {
  readonly #memory: RequestMemory;
  readonly #world: World;
  readonly #stalled: (reason: string) => void;
  bytes = 0;
  /** When it last got on. */
  since = 0;
  #closed = false;

  constructor(memory: RequestMemory, world: World, stalled: (reason: string) => void) {
    this.#memory = memory;
    this.#world = world;
    this.#stalled = stalled;
  }
  /** Whether a frame of this length may be read; if not now, `admitted` is called when it may. */
  admit(bytes: number, admitted: () => void): boolean {
    return bytes <= uncountedBytesMax || this.#memory.admit(this, bytes, admitted);
  }
  take(bytes: number): void {
    if (this.#closed) return;
    this.bytes += bytes;
    this.since = this.#world.monotonic();
    this.#memory.changed(this, bytes);
  }
  give(bytes: number): void {
    if (this.#closed) return;
    this.bytes -= bytes;
    this.since = this.#world.monotonic();
    this.#memory.changed(this, -bytes);
  }
  /** Of a frame that was admitted. */
  giveFrame(bytes: number): void {
    if (bytes > uncountedBytesMax) this.give(bytes);
  }
  /** For one answer; `done` when it was sent, and whether the system has all of it. */
  answerRoom(): AnswerRoom & { done(flushed: boolean): void } {
    const memory = this.#memory;
    const lent: Buffer[] = [];
    let taken = 0;
    return {
      get left() {
        return memory.left;
      },
      take: (bytes) => {
        if (bytes <= uncountedBytesMax) return;
        taken += bytes;
        this.take(bytes);
        if (memory.scarce) memory.press();
      },
      buffer: (bytes) => {
        const buffer = memory.spare.take(bytes);
        lent.push(buffer);
        return buffer;
      },
      done: (flushed) => {
        if (taken > 0) this.give(taken);
        taken = 0;
        if (flushed) for (const buffer of lent.splice(0)) memory.spare.give(buffer);
      },
    };
  }
  end(): void {
    this.#stalled(`it held ${this.bytes} bytes and did not get on while others waited for memory`);
    this.close();
  }
  /** Everything is given back. */
  close(): void {
    if (this.bytes > 0) this.give(this.bytes);
    this.#closed = true;
    this.#memory.leave(this);
  }
}
