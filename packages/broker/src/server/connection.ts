/* One client's socket: frames in, answered one after the other, responses out.
 *
 *   bytes ─▶ [frame: length 4, request] ─▶ dispatch ─▶ response ─▶ socket, and the next frame when it took that
 *
 * As in Kafka a connection has one request in work; the socket is not read while frames wait, so a client that sends
 * without reading fills its own buffers and nobody else's. What is no Kafka request closes the connection. */

import type { Socket } from 'node:net';
import { apis, WireError } from '#kafka';
import { Frames } from './frames.ts';
import { DropConnection, ProtocolError } from './dispatch.ts';

/** Answers up to this length are joined before they are sent. */
const joinedMax = 16_384;

export interface ConnectionParts {
  readonly socket: Socket;
  /** `socket.request.max.bytes`. */
  readonly frameBytesMax: number;
  /** Answers a frame; undefined when nothing is sent back. */
  readonly answer: (frame: Buffer, signal: AbortSignal) => Promise<readonly Buffer[] | undefined>;
  readonly closed: () => void;
  readonly log: (line: string) => void;
}

const isProduce = (frame: Buffer): boolean => frame.length >= 2 && frame.readInt16BE(0) === apis.Produce.key;

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #abort = new AbortController();
  readonly #frames: Frames;
  #busy = false;
  #ended = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { socket } = parts;
    socket.setNoDelay(true);
    this.#frames = new Frames(parts.frameBytesMax);
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('end', () => {
      this.#ended = true;
      if (!this.#busy) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#abort.abort();
      parts.closed();
    });
  }
  /** Ends it at once. */
  destroy(): void {
    this.#parts.socket.destroy();
  }

  #read(chunk: Buffer): void {
    try {
      this.#frames.add(chunk);
    } catch (error) {
      this.#close(error);
      return;
    }
    if (this.#frames.waiting > 0) void this.#work();
  }
  /** Answers frames until none is whole. One at a time: a call while one is in work returns. */
  async #work(): Promise<void> {
    const { socket } = this.#parts;
    if (this.#busy) {
      socket.pause();
      return;
    }
    this.#busy = true;
    try {
      for (let frame = this.#frames.take(); frame !== undefined; frame = this.#frames.take()) {
        if (socket.destroyed) break;
        const response = await this.#parts.answer(frame, this.#abort.signal);
        if (response !== undefined) await this.#send(response);
        // Batches are copied into their log; of other requests a handler may keep parts.
        if (isProduce(frame)) this.#frames.giveBack(frame);
      }
      if (this.#ended) socket.destroy();
    } catch (error) {
      this.#close(error);
    } finally {
      this.#busy = false;
      socket.resume();
    }
  }
  #send(parts: readonly Buffer[]): Promise<void> {
    const { socket } = this.#parts;
    const length = parts.reduce((n, p) => n + p.length, 0);
    const head = Buffer.allocUnsafe(4);
    head.writeInt32BE(length);
    let room: boolean;
    // One write of one buffer is the cheapest; only long answers are handed on in parts, without a copy.
    if (length <= joinedMax) room = socket.write(Buffer.concat([head, ...parts], length + 4));
    else {
      socket.cork();
      room = socket.write(head);
      for (const part of parts) room = socket.write(part);
      socket.uncork();
    }
    if (room || socket.destroyed) return Promise.resolve();
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
  #close(error: unknown): void {
    const { socket, log } = this.#parts;
    const from = `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? 0}`;
    if (error instanceof WireError || error instanceof ProtocolError)
      log(`connection from ${from} closed: ${error.message}`);
    else if (!(error instanceof DropConnection) && !socket.destroyed)
      log(
        `connection from ${from} closed by a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    socket.destroy();
  }
}
