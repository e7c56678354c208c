/* Connects the instances of a plan that run in one thread: by channels where both ends are here, by rings where one is not. */

import type { JobPlan } from '#job';
import { Channel, type Target } from './channel.ts';
import { Exchange } from './exchange.ts';
import { NodeOutput } from './node-output.ts';
import type { Bells } from './threads/bells.ts';
import { RingInlet } from './threads/inlet.ts';
import { RingOutlet } from './threads/outlet.ts';
import { Ring } from './threads/ring.ts';
import { edgesOf, instancesOf, type InstanceRef, type Placement } from './wiring.ts';

/** One of several threads that run a job. */
export interface ThreadPlace {
  readonly thread: number;
  readonly placement: Placement;
  /** By crossing: see crossingsOf. */
  readonly rings: readonly SharedArrayBuffer[];
  readonly bells: Bells;
}

/** Whether an instance runs in this thread. */
export const isHere = (place: ThreadPlace | undefined, { node, instance }: InstanceRef): boolean =>
  place === undefined || place.placement[node]![instance] === place.thread;

/** By node and instance; what runs elsewhere has an output without exchanges and no channels. */
export interface Wires {
  readonly outputs: readonly (readonly NodeOutput[])[];
  /** Side outputs, of instances whose dead letters are read. */
  readonly sides: readonly (readonly (NodeOutput | undefined)[])[];
  readonly channels: readonly (readonly (readonly Channel[])[])[];
  readonly inlets: readonly RingInlet[];
  readonly outlets: readonly RingOutlet[];
}

export function wire(plan: JobPlan, parallelism: number, place: ThreadPlace | undefined): Wires {
  const instances = plan.nodes.map((node) => instancesOf(node, parallelism));
  const outputs = instances.map((count) => Array.from({ length: count }, () => new NodeOutput()));
  const isSideRead = plan.nodes.map((_, node) =>
    plan.nodes.some((n) => n.kind !== 'source' && n.inputs.some((i) => i.node === node && i.side)),
  );
  const sides = instances.map((count, node) =>
    Array.from({ length: count }, () => (isSideRead[node]! ? new NodeOutput() : undefined)),
  );
  const channels = instances.map((count) => Array.from({ length: count }, (): Channel[] => []));
  const inlets: RingInlet[] = [];
  const outlets: RingOutlet[] = [];
  const threadOf = ({ node, instance }: InstanceRef): number => place!.placement[node]![instance]!;
  let crossing = 0;
  for (const { input, from, to } of edgesOf(plan, parallelism)) {
    const targets: Target[] = [];
    for (const target of to) {
      const isCrossing = place !== undefined && threadOf(from) !== threadOf(target);
      const ring = isCrossing ? place.rings[crossing++] : undefined;
      if (isHere(place, target)) {
        const channel = new Channel(input.input, plan.nodes[from.node]!.id);
        channels[target.node]![target.instance]!.push(channel);
        if (ring === undefined) targets.push(channel);
        else
          inlets.push(
            new RingInlet(channel, new Ring(ring), () => {
              place!.bells.ring(threadOf(from));
            }),
          );
      } else if (isHere(place, from)) {
        const outlet = new RingOutlet(new Ring(ring!), () => {
          place!.bells.ring(threadOf(target));
        });
        targets.push(outlet);
        outlets.push(outlet);
      }
    }
    if (isHere(place, from)) {
      const output = (input.side === undefined ? outputs : sides)[from.node]![from.instance]!;
      output.exchanges.push(new Exchange(input.distribution, targets));
    }
  }
  findReach({ outputs, sides, channels, inlets, outlets });
  return { outputs, sides, channels, inlets, outlets };
}

/** For each output every channel downstream of it, from the last node back: see NodeOutput.full. What goes to another thread
 *  was copied; so is what goes into a dead letter. */
function findReach({ outputs, sides, channels, inlets }: Wires): void {
  const consumerOf = new Map<Target, NodeOutput>();
  channels.forEach((instances, node) => {
    instances.forEach((own, i) => {
      for (const c of own) consumerOf.set(c, outputs[node]![i]!);
    });
  });
  const beyond = (channel: Channel): Channel[] => {
    const consumer = consumerOf.get(channel)!;
    return [...channelsOf(consumer), ...consumer.reach];
  };
  const setReach = (output: NodeOutput): void => {
    output.reach = [...new Set(channelsOf(output).flatMap(beyond))];
  };
  for (let node = outputs.length - 1; node >= 0; node--) {
    outputs[node]!.forEach(setReach);
    for (const side of sides[node]!) if (side !== undefined) setReach(side);
  }
  for (const inlet of inlets) inlet.reach = beyond(inlet.channel);
}
const channelsOf = ({ exchanges }: NodeOutput): Channel[] =>
  exchanges.flatMap((e) => e.targets).filter((t) => t instanceof Channel);
