/* What the tests of bounds share: a broker whose clock runs fast, sockets that misbehave, and a client that does not. */

import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onTestFinished } from 'vitest';
import type { World } from '#base';
import { realWorld } from '#host';
import { Broker, type BrokerOptions } from '#broker';
import { WireClient } from '../wire-client.ts';

/** The machine's time, `times` as fast. */
export function fastWorld(times: number): World {
  const world = realWorld();
  return {
    rng: world.rng,
    disk: world.disk,
    now: () => world.now(),
    monotonic: () => world.monotonic() * times,
    after: (ms, callback) => world.after(ms / times, callback),
    breathe: () => world.breathe(),
  };
}

export class BoundsRig {
  readonly broker: Broker;
  readonly lines: string[];

  private constructor(broker: Broker, lines: string[]) {
    this.broker = broker;
    this.lines = lines;
  }
  static async start(options: Partial<BrokerOptions> = {}): Promise<BoundsRig> {
    const lines: string[] = [];
    const broker = await Broker.start({ world: realWorld(), log: (line) => lines.push(line), ...options });
    onTestFinished(() => broker.stop());
    return new BoundsRig(broker, lines);
  }
  async client(listener?: string): Promise<WireClient> {
    const client = await WireClient.connect(this.#address(listener));
    onTestFinished(() => client.close());
    return client;
  }
  /** A socket that nobody reads from, unless the test does. */
  socket(listener?: string): Promise<Socket> {
    const [host, port] = this.#address(listener).split(':');
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), host!, () => resolve(socket));
      socket.once('error', reject);
      socket.on('error', () => {});
      onTestFinished(() => {
        socket.destroy();
      });
    });
  }
  #address(listener: string | undefined): string {
    return listener === undefined ? this.broker.bootstrapServers : this.broker.address(listener);
  }
}

/** Resolves when the other side ended the connection. */
export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once('close', () => {
      resolve();
    });
    socket.resume();
  });
/** The length of a frame, in front of what there is of it. */
export function announced(bytes: number, sent: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes);
  return Buffer.concat([length, sent]);
}
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What is held: other tests of the process leave memory behind that is not collected yet. */
export function heldMiB(): number {
  collect();
  const { external, heapUsed } = process.memoryUsage();
  return (external + heapUsed) / 2 ** 20;
}
