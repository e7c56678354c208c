/* One running node: numbered inputs, snapshots only at rest, barriers aligned, ends as marks of the rest. */

import { describe, expect, test } from 'vitest';
import { types, type Batch, type LogicalType } from '#data';
import { BytesReader, bytesOf, BytesWriter, partOf, type StateImage } from '#state';
import type { Operator, Output, Progress } from '../src/contracts/index.ts';
import { Channel } from '../src/runtime/channel.ts';
import { Exchange } from '../src/runtime/exchange.ts';
import { NodeOutput } from '../src/runtime/node-output.ts';
import { OperatorNode } from '../src/runtime/node.ts';
import { finishedState } from '../src/runtime/settings.ts';
import { batchOf, bench, call, textOf } from './harness.ts';

const { INT, STRING, BIGINT } = types;
const TIME = types.timestamp(3);

/** Writes down every call, with the number of its input. */
class Recorder implements Operator {
  readonly stateBytes = 0;
  readonly calls: string[] = [];
  busy = false;
  nextTimer = Infinity;
  pending = 0;
  push(input: number, batch: Batch, from: number): number {
    this.calls.push(
      ...textOf(batch, [INT])
        .slice(from)
        .map((line) => `${input}: ${line}`),
    );
    return batch.rows;
  }
  resume(): Progress {
    this.busy = false;
    this.calls.push('resume');
    return 'done';
  }
  end(input: number): void {
    this.calls.push(`${input}: end`);
  }
  fire(out: Output): Progress {
    this.calls.push(`fire ${out.now}`);
    this.nextTimer = Infinity;
    return 'done';
  }
  snapshot(): void {
    if (this.busy) throw new Error('a snapshot of a busy operator');
    this.calls.push('snapshot');
  }
  restore(): void {
    this.calls.push('restore');
  }
}

interface Rig {
  readonly node: OperatorNode;
  readonly channels: readonly Channel[];
  readonly target: Channel;
  readonly snapshots: Map<number, Uint8Array>;
}
/** A node with channels into its numbered inputs, whose output goes to one channel. */
function rig(
  operator: Operator,
  inputs: readonly number[],
  inputTypes: readonly (readonly LogicalType[])[],
): Rig {
  const channels = inputs.map((i) => new Channel(i));
  const target = new Channel(0);
  const output = new NodeOutput();
  output.exchanges.push(new Exchange({ kind: 'forward' }, [target]));
  const snapshots = new Map<number, Uint8Array>();
  const events = {
    monotonic: () => 0,
    output: () => undefined,
    snapshotted: (_id: string, _instance: number, epoch: number, state: StateImage): void => {
      state.advance(() => false);
      snapshots.set(epoch, bytesOf(state.part));
    },
  };
  const node = new OperatorNode(
    { id: 'n', title: 'N', instance: 0 },
    { operator, channels, output, inputTypes, events },
  );
  return { node, channels, target, snapshots };
}
const give = (channel: Channel, columnTypes: readonly LogicalType[], ...lines: string[]): void => {
  channel.put({ kind: 'batch', batch: batchOf(columnTypes, lines) });
};
function stepAll(node: OperatorNode, now = 0): void {
  for (let n = 0; node.step(now); n++) if (n > 1000) throw new Error('the node does not come to rest');
}

const spare = (): Operator => new Recorder();

describe('numbered inputs', () => {
  test('each has a watermark and idleness of its own', () => {
    const operator = new Recorder();
    const {
      node,
      channels: [a, b],
    } = rig(operator, [0, 1], [[INT], [INT]]);
    give(a!, [INT], '+ 1', '@ 5');
    stepAll(node);
    give(b!, [INT], '+ 2', '@ 3', '+ 3', '@ idle');
    stepAll(node);
    give(a!, [INT], '@ 7');
    stepAll(node);
    expect(operator.calls).toEqual(['0: + 1', '0: @ 5', '1: + 2', '1: @ 3', '1: + 3', '1: @ idle', '0: @ 7']);
  });
  test('each ends once, when all its channels have', () => {
    const operator = new Recorder();
    const {
      node,
      channels: [a, b, c],
      target,
    } = rig(operator, [0, 0, 1], [[INT], [INT]]);
    a!.put({ kind: 'end' });
    c!.put({ kind: 'end' });
    stepAll(node);
    expect(operator.calls).toEqual(['1: end']);
    b!.put({ kind: 'end' });
    stepAll(node);
    expect(operator.calls).toEqual(['1: end', '0: end']);
    expect(node.finished).toBe(true);
    expect(target.queue).toEqual([{ kind: 'end' }]);
  });
  test('the end of one channel lets the watermark of the others through, before the barrier', () => {
    const operator = new Recorder();
    const {
      node,
      channels: [a, b],
    } = rig(operator, [0, 0], [[INT]]);
    give(a!, [INT], '@ 9');
    give(b!, [INT], '@ 5');
    stepAll(node);
    a!.put({ kind: 'barrier', epoch: 1 });
    b!.put({ kind: 'end' });
    stepAll(node);
    expect(operator.calls).toEqual(['0: @ 5', '0: @ 9', 'snapshot']);
  });
});

describe('snapshots', () => {
  test('at fewer instances a channel that stood idle far behind does not let the others pass each other', () => {
    const before = rig(new Recorder(), [0, 0, 0], [[INT]]);
    const [one, two, idle] = before.channels;
    give(one!, [INT], '@ 50');
    give(two!, [INT], '@ 40');
    give(idle!, [INT], '@ 10', '@ idle');
    for (const channel of before.channels) channel.put({ kind: 'barrier', epoch: 1 });
    stepAll(before.node);
    const operator = new Recorder();
    const after = rig(operator, [0, 0], [[INT]]);
    const part = partOf(before.snapshots.get(1)!);
    after.node.restore([part, part, part], 2, spare);
    operator.calls.length = 0;
    // The other one has said nothing yet: it stands at 40.
    give(after.channels[0]!, [INT], '@ 60');
    stepAll(after.node);
    expect(operator.calls).toEqual([]);
    give(after.channels[1]!, [INT], '@ 55');
    stepAll(after.node);
    expect(operator.calls).toEqual(['0: @ 55']);
  });
  test('at fewer instances a channel at its end holds nobody back and pushes nobody on, though the others stood idle', () => {
    const before = rig(new Recorder(), [0, 0], [[INT]]);
    give(before.channels[0]!, [INT], '@ 50', '@ idle');
    give(before.channels[1]!, [INT], '@ Infinity');
    for (const channel of before.channels) channel.put({ kind: 'barrier', epoch: 1 });
    stepAll(before.node);
    const operator = new Recorder();
    const after = rig(operator, [0, 0, 0], [[INT]]);
    const part = partOf(before.snapshots.get(1)!);
    after.node.restore([part, part], 3, spare);
    operator.calls.length = 0;
    for (const [c, time] of [60, 70, 55].entries()) give(after.channels[c]!, [INT], `@ ${time}`);
    stepAll(after.node);
    expect(operator.calls).toEqual(['0: @ 55']);
  });
  test('a barrier waits for the other channel; rows behind it wait too', () => {
    const operator = new Recorder();
    const {
      node,
      channels: [a, b],
      target,
      snapshots,
    } = rig(operator, [0, 0], [[INT]]);
    a!.put({ kind: 'barrier', epoch: 4 });
    give(a!, [INT], '+ 2');
    give(b!, [INT], '+ 1');
    stepAll(node);
    expect(operator.calls).toEqual(['0: + 1']);
    expect(snapshots.size).toBe(0);
    b!.put({ kind: 'barrier', epoch: 4 });
    stepAll(node);
    expect(target.queue.shift()).toEqual({ kind: 'barrier', epoch: 4 });
    stepAll(node);
    expect(operator.calls).toEqual(['0: + 1', 'snapshot', '0: + 2']);
  });

  const windows = (): Operator =>
    bench(
      'window-aggregate',
      {
        keys: [0],
        calls: [call('COUNT')],
        retract: false,
        properties: ['end'],
        zone: undefined,
        window: { kind: 'rowtime', column: 1, shape: { kind: 'tumble', sizeMs: 10, offsetMs: 0 } },
      },
      [STRING, TIME],
      [STRING, BIGINT, TIME],
    ).operator;

  test.each(['mark', 'end'])('never of a busy operator: all that a %s freed is out first', (cause) => {
    const inner = windows();
    const busyAt: boolean[] = [];
    const operator = new Proxy(inner, {
      get(of, name) {
        if (name === 'snapshot')
          return (to: BytesWriter) => {
            busyAt.push(of.busy);
            of.snapshot(to);
          };
        const value = Reflect.get(of, name) as unknown;
        return typeof value === 'function' ? value.bind(of) : value;
      },
    });
    const {
      node,
      channels: [a, b],
      target,
      snapshots,
    } = rig(operator, [0, 0], [[STRING, TIME]]);
    let rows = 0;
    // The reader downstream is slow: one batch is taken away at a time, so that the output fills.
    const drainAll = (): void => {
      for (let n = 0; n < 1000; n++) {
        while (node.step(0)) {
          /* until it must wait for the reader */
        }
        const item = target.queue.shift();
        if (item === undefined) return;
        if (item.kind === 'batch') rows += item.batch.rows;
        else if (item.kind === 'barrier') expect(rows).toBe(9000);
      }
    };
    give(a!, [STRING, TIME], ...Array.from({ length: 9000 }, (_, i) => `+ k ${i * 10}`));
    give(a!, [STRING, TIME], '@ 90000');
    give(b!, [STRING, TIME], '@ 5');
    drainAll();
    expect(rows).toBe(0);
    if (cause === 'mark') give(b!, [STRING, TIME], '@ 90000');
    else b!.put({ kind: 'end' });
    if (cause === 'mark') b!.put({ kind: 'barrier', epoch: 1 });
    a!.put({ kind: 'barrier', epoch: 1 });
    drainAll();
    expect(rows).toBe(9000);
    expect(busyAt).toEqual([false]);
    expect(snapshots.has(1)).toBe(true);
  });

  test('what stands at the end of a batch behind a watermark that filled the output comes through', () => {
    const {
      node,
      channels: [a],
      target,
    } = rig(windows(), [0], [[STRING, TIME]]);
    const out: string[] = [];
    const drainAll = (): void => {
      for (let n = 0; n < 100; n++) {
        stepAll(node);
        const item = target.queue.shift();
        if (item?.kind === 'batch') out.push(...textOf(item.batch, [STRING, BIGINT, TIME]));
      }
    };
    give(a!, [STRING, TIME], ...Array.from({ length: 9000 }, (_, i) => `+ k ${i * 10}`), '@ 90000', '@ idle');
    drainAll();
    expect(out.filter((line) => line.startsWith('+')).length).toBe(9000);
    expect(out.slice(-2)).toEqual(['@ 90000', '@ idle']);
  });

  test('the valve and every channel come back with the operator', () => {
    const first = rig(new Recorder(), [0, 0], [[INT]]);
    give(first.channels[0]!, [INT], '@ 9');
    give(first.channels[1]!, [INT], '@ 5');
    stepAll(first.node);
    for (const c of first.channels) c.put({ kind: 'barrier', epoch: 1 });
    first.target.queue.length = 0;
    stepAll(first.node);
    const operator = new Recorder();
    const second = rig(operator, [0, 0], [[INT]]);
    second.node.restore([partOf(first.snapshots.get(1)!)], 1, spare);
    give(second.channels[1]!, [INT], '@ 4', '+ 1', '@ 7');
    stepAll(second.node);
    expect(operator.calls).toEqual(['restore', '0: + 1', '0: @ 7']);
  });
  test('at another parallelism the least of what all instances had holds', () => {
    const states = ['@ 9', '@ 6'].map((mark) => {
      const { node, channels, target, snapshots } = rig(new Recorder(), [0], [[INT]]);
      give(channels[0]!, [INT], mark);
      stepAll(node);
      channels[0]!.put({ kind: 'barrier', epoch: 1 });
      target.queue.length = 0;
      stepAll(node);
      return partOf(snapshots.get(1)!);
    });
    const operator = new Recorder();
    const { node, channels } = rig(operator, [0, 0, 0], [[INT]]);
    node.restore([...states, partOf(finishedState)], 1, spare);
    for (const channel of channels) give(channel, [INT], '@ 7');
    stepAll(node);
    expect(operator.calls.filter((c) => c.startsWith('0:'))).toEqual(['0: @ 7']);
  });
  test('a node that had finished stays so, and says its end again', () => {
    const { node, target, channels } = rig(new Recorder(), [0], [[INT]]);
    channels[0]!.put({ kind: 'end' });
    node.restore([partOf(finishedState)], 1, spare);
    expect(node.finished).toBe(true);
    expect(target.queue).toEqual([{ kind: 'end' }]);
    // A node in front that no snapshot holds comes to its end anew: it finds room.
    expect(channels[0]!.room).toBe(true);
    channels[0]!.put({ kind: 'end' });
    expect(channels[0]!.room).toBe(true);
  });
});

describe('timers and resumption', () => {
  test('a timer fires at its time, before rows, and not while the reader is full', () => {
    const operator = new Recorder();
    const {
      node,
      channels: [a],
      target,
    } = rig(operator, [0], [[INT]]);
    operator.nextTimer = 10;
    give(a!, [INT], '+ 1');
    target.put({ kind: 'batch', batch: batchOf([INT], ['+ 0']) });
    stepAll(node, 12);
    expect(operator.calls).toEqual([]);
    target.queue.length = 0;
    stepAll(node, 12);
    expect(operator.calls).toEqual(['fire 12', '0: + 1']);
  });
  test('an operator that asks to be resumed is resumed before it is given more', () => {
    const operator = new Recorder();
    const {
      node,
      channels: [a],
    } = rig(operator, [0], [[INT]]);
    operator.busy = true;
    give(a!, [INT], '+ 1');
    stepAll(node);
    expect(operator.calls).toEqual(['resume', '0: + 1']);
  });
});

test('a snapshot is read whole, or the restore fails', () => {
  const { node } = rig(new Recorder(), [0], [[INT]]);
  const writer = new BytesWriter();
  writer.f64(0);
  writer.u8(0);
  writer.i32(1);
  writer.text('');
  writer.f64(1);
  writer.u8(0);
  writer.u8(7);
  expect(() => {
    node.restore([partOf(writer.finish())], 1, spare);
  }).toThrow(/reads all of its snapshot/);
  expect(new BytesReader(writer.finish()).done).toBe(false);
});
