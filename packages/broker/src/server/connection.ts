/* One client's socket: frames in, answered one after the other, responses out.
 *
 *   bytes ─▶ [frame: length 4, request] ─▶ dispatch ─▶ response ─▶ socket, and the next frame when it took that
 *
 * As in Kafka a connection has one request in work; the socket is not read while frames wait, so a client that sends
 * without reading fills its own buffers and nobody else's. What is no Kafka request closes the connection, as does a client
 * that neither sends nor takes anything for `connections.max.idle.ms` while nothing is in work for it. */

import type { Socket } from 'node:net';
import type { Timer, World } from '#base';
import { apis, WireError } from '#kafka';
import { Frames } from './frames.ts';
import { DropConnection, ProtocolError } from './endings.ts';
import type { AnswerRoom, MemoryShare, RequestMemory } from './request-memory.ts';
import type { Reply } from './session.ts';

/** Answers up to this length are joined before they are sent. */
const joinedMax = 16_384;

export interface ConnectionParts {
  readonly socket: Socket;
  /** `socket.request.max.bytes`, or less as long as nobody has logged in. */
  readonly frameBytesMax: () => number;
  readonly memory: RequestMemory;
  readonly world: World;
  /** `connections.max.idle.ms`, or Infinity. */
  readonly idleMsMax: number;
  readonly answer: (frame: Buffer, room: AnswerRoom, signal: AbortSignal) => Promise<Reply>;
  readonly log: (line: string) => void;
}

const isProduce = (frame: Buffer): boolean => frame.length >= 2 && frame.readInt16BE(0) === apis.Produce.key;
/** So much of a response is handed to the socket at once: a client that takes as much is not idle. */
const sliceBytes = 4 << 20;

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #abort = new AbortController();
  readonly #frames: Frames;
  readonly #memory: MemoryShare;
  /** Frames are taken from the queue and answered. */
  #busy = false;
  /** The broker, not the client, is to do something. */
  #answering = false;
  #ended = false;
  #activeAt: number;
  #idleTimer: Timer | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { socket, world, memory, idleMsMax } = parts;
    socket.setNoDelay(true);
    this.#memory = memory.share((reason) => {
      this.#close(new ProtocolError(reason));
    });
    this.#frames = new Frames({
      bytesMax: parts.frameBytesMax,
      admit: (bytes) =>
        this.#memory.admit(bytes, () => {
          this.#read(undefined);
        }),
    });
    this.#activeAt = world.monotonic();
    if (idleMsMax < Infinity) this.#watchIdle(idleMsMax);
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('end', () => {
      this.#ended = true;
      if (!this.#busy) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#idleTimer?.cancel();
      this.#abort.abort();
      this.#memory.close();
    });
  }
  #watchIdle(delayMs: number): void {
    const { world, idleMsMax } = this.#parts;
    this.#idleTimer = world.after(delayMs, () => {
      const left = this.#answering ? idleMsMax : this.#activeAt + idleMsMax - world.monotonic();
      if (left > 0) this.#watchIdle(left);
      else this.#close(new ProtocolError(`nothing came or went for ${idleMsMax} ms`));
    });
  }
  #active(): void {
    this.#activeAt = this.#parts.world.monotonic();
  }

  /** Takes what came, or goes on with what had to wait for memory. */
  #read(chunk: Buffer | undefined): void {
    this.#active();
    try {
      if (chunk === undefined) this.#frames.proceed();
      else {
        this.#frames.add(chunk);
        release(chunk);
      }
    } catch (error) {
      this.#close(error);
      return;
    }
    if (this.#frames.waiting > 0 && !this.#busy) void this.#work();
    this.#flow();
  }
  /** Reads on where there is room for what comes. */
  #flow(): void {
    const { socket } = this.#parts;
    const full = this.#frames.blocked || (this.#busy && this.#frames.waiting > 0);
    if (full !== socket.isPaused()) full ? socket.pause() : socket.resume();
  }
  /** Answers frames until none is whole. */
  async #work(): Promise<void> {
    const { socket } = this.#parts;
    this.#busy = true;
    try {
      for (let frame = this.#frames.take(); frame !== undefined; frame = this.#frames.take()) {
        if (socket.destroyed) break;
        await this.#answer(frame);
      }
      if (this.#ended) socket.destroy();
    } catch (error) {
      this.#close(error);
    } finally {
      this.#busy = false;
      this.#flow();
    }
  }
  async #answer(frame: Buffer): Promise<void> {
    const room = this.#memory.answerRoom();
    this.#answering = true;
    const { response, ends } = await this.#parts.answer(frame, room, this.#abort.signal).finally(() => {
      this.#answering = false;
      this.#active();
    });
    if (response !== undefined) await this.#send(response);
    if (ends !== undefined) {
      await this.#sendAll();
      throw new ProtocolError(ends);
    }
    // Closing has given everything back.
    const { socket } = this.#parts;
    if (socket.destroyed) return;
    room.done(socket.writableLength === 0);
    this.#memory.giveFrame(frame.length);
    // Batches are copied into their log; of other requests a handler may keep parts.
    if (isProduce(frame)) this.#frames.giveBack(frame);
  }
  async #send(parts: readonly Buffer[]): Promise<void> {
    const { socket } = this.#parts;
    const length = parts.reduce((n, p) => n + p.length, 0);
    const head = Buffer.allocUnsafe(4);
    head.writeInt32BE(length);
    // One write of one buffer is the cheapest; only long answers are handed on in parts, without a copy.
    const all = length <= joinedMax ? [Buffer.concat([head, ...parts], length + 4)] : [head, ...parts];
    for (const slice of slices(all)) {
      if (socket.destroyed) return;
      socket.cork();
      let room = true;
      for (const part of slice) room = socket.write(part);
      socket.uncork();
      if (room) continue;
      await drained(socket);
      this.#active();
    }
  }
  /** What was sent is with the system: ending the connection loses none of it. */
  #sendAll(): Promise<void> {
    const { socket } = this.#parts;
    return new Promise((resolve) => {
      socket.once('close', resolve);
      socket.end(resolve);
    });
  }
  #close(error: unknown): void {
    const { socket, log } = this.#parts;
    if (socket.destroyed) return;
    const from = `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? 0}`;
    if (error instanceof WireError || error instanceof ProtocolError)
      log(`connection from ${from} closed: ${error.message}`);
    else if (!(error instanceof DropConnection))
      log(
        `connection from ${from} closed by a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    socket.destroy();
  }
}

/** Gives memory back that was read into and copied from. Each chunk has its own; left to the collector it would call for a
 *  full collection every few hundred of them. */
function release({ buffer, length }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}

/** The parts in their order, in lists of `sliceBytes` at most. */
function* slices(parts: readonly Buffer[]): Iterable<readonly Buffer[]> {
  let slice: Buffer[] = [];
  let left = sliceBytes;
  for (const part of parts)
    for (let at = 0; at < part.length; ) {
      const taken = part.subarray(at, at + left);
      slice.push(taken);
      at += taken.length;
      left -= taken.length;
      if (left > 0) continue;
      yield slice;
      slice = [];
      left = sliceBytes;
    }
  if (slice.length > 0) yield slice;
}

/** Until the socket took what it was given, or ended. */
function drained(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
