/* A broker in a simulated world: its clock stands until a test moves it. */

import { Broker, type BrokerOptions } from '#broker';
import { SimWorld } from '#testkit';
import { Scene } from './scene.ts';
import { LinkClient } from '../link-client.ts';

export class SimBroker {
  readonly broker: Broker;
  readonly world: SimWorld;

  private constructor(broker: Broker, world: SimWorld) {
    this.broker = broker;
    this.world = world;
  }
  static async start(config: BrokerOptions['config'] = {}, seed = 1): Promise<SimBroker> {
    const world = new SimWorld(seed);
    return new SimBroker(await Broker.start({ world, listen: false, config }), world);
  }
  scene(name = 'x'): Scene {
    return new Scene(() => Promise.resolve(new LinkClient(this.broker.connect())), name);
  }
  /** Lets requests run that wait for nothing. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  }
  /** Moves the clock, firing each timer on the way at its time. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    const to = this.world.now() + ms;
    while (this.world.nextTimer <= to) {
      this.world.moveTo(this.world.nextTimer);
      await this.settle();
    }
    this.world.moveTo(to);
  }
}
