/* One client's socket: frames in, answered one after the other, responses out.
 *
 *   bytes ─▶ [frame: length 4, request] ─▶ dispatch ─▶ response ─▶ socket, and the next frame when it took that
 *
 * As in Kafka a connection has one request in work; the socket is not read while frames wait, so a client that sends
 * without reading fills its own buffers and nobody else's. What is no Kafka request closes the connection. */

import type { Socket } from 'node:net';
import { WireError } from '#kafka';
import { DropConnection, ProtocolError } from './dispatch.ts';

export interface ConnectionParts {
  readonly socket: Socket;
  /** `socket.request.max.bytes`. */
  readonly frameBytesMax: number;
  /** Answers a frame; undefined when nothing is sent back. */
  readonly answer: (frame: Buffer, signal: AbortSignal) => Promise<readonly Buffer[] | undefined>;
  readonly closed: () => void;
  readonly log: (line: string) => void;
}

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #abort = new AbortController();
  /** What came and is no whole frame yet. */
  #chunks: Buffer[] = [];
  #length = 0;
  #busy = false;
  #ended = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { socket } = parts;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      void this.#work();
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

  /** Answers frames until none is whole. One at a time: a call while one is in work returns. */
  async #work(): Promise<void> {
    const { socket } = this.#parts;
    if (this.#busy) {
      socket.pause();
      return;
    }
    this.#busy = true;
    try {
      for (let frame = this.#take(); frame !== undefined && !socket.destroyed; frame = this.#take()) {
        const response = await this.#parts.answer(frame, this.#abort.signal);
        if (response !== undefined) await this.#send(response);
      }
      if (this.#ended) socket.destroy();
    } catch (error) {
      this.#close(error);
    } finally {
      this.#busy = false;
      socket.resume();
    }
  }
  #take(): Buffer | undefined {
    if (this.#length < 4) return undefined;
    const size = this.#peekLength();
    if (size < 0 || size > this.#parts.frameBytesMax)
      throw new WireError(
        `a request of ${size} bytes was announced, at most ${this.#parts.frameBytesMax} are taken`,
      );
    if (this.#length < 4 + size) return undefined;
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#length);
    const rest = all.subarray(4 + size);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(4, 4 + size);
  }
  #peekLength(): number {
    const [first] = this.#chunks;
    if (first!.length >= 4) return first!.readInt32BE(0);
    const joined = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [joined];
    return joined.readInt32BE(0);
  }
  #send(parts: readonly Buffer[]): Promise<void> {
    const { socket } = this.#parts;
    const length = Buffer.alloc(4);
    length.writeInt32BE(parts.reduce((n, p) => n + p.length, 0));
    socket.cork();
    socket.write(length);
    let room = true;
    for (const part of parts) room = socket.write(part);
    socket.uncork();
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
