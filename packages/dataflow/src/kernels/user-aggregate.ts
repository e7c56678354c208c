/* An aggregate of the program. Cell: its accumulator, NULL where none was made yet; a run reads each once and writes it back once.
 * Rows with a NULL among their arguments are passed over. */

import { UserError } from '#base';
import { readValue, type Value } from '#data';
import type { UserAggregate } from '#expr';
import type { StateColumn } from '#state';
import { ValueImages } from './images.ts';
import { op, type Kernel, type KernelRows, type KernelSetup } from './kernel.ts';

export class UserAggregateKernel implements Kernel {
  readonly images: ValueImages;
  readonly #aggregate: UserAggregate;
  readonly #kept: StateColumn;
  readonly #argTypes: KernelSetup['call']['argTypes'];
  /** Accumulators of the run at hand, by slot. */
  readonly #open = new Map<number, unknown>();

  constructor({ call, table, name, retract }: KernelSetup, aggregate: UserAggregate) {
    if (retract && aggregate.retract === undefined) throw lacks(aggregate, 'retract', 'takes rows back');
    this.#aggregate = aggregate;
    this.#argTypes = call.argTypes;
    table.addCells({ [name]: { ...aggregate.accumulator, nullable: true } });
    this.#kept = table.values(name);
    this.images = new ValueImages(call.type);
  }

  add({ slots, ops, args, from, count }: KernelRows, withImages: boolean): void {
    if (withImages) this.images.begin();
    for (let i = 0; i < count; i++) {
      const what = ops[i]!;
      const slot = slots[i]!;
      if ((what & op.opens) !== 0) {
        this.#kept.setValue(slot, null);
        this.#open.delete(slot);
      }
      if (withImages) this.#image(slot);
      if ((what & op.skip) === 0) {
        const values = args.map((column, a) => readValue(column, this.#argTypes[a]!, from + i));
        if (!values.includes(null)) this.#change(slot, values, (what & op.retract) !== 0);
      }
      if (withImages) this.#image(slot);
    }
    this.#close();
  }
  #change(slot: number, values: readonly Value[], takesBack: boolean): void {
    const accumulator = this.#accumulator(slot);
    const { accumulate, retract } = this.#aggregate;
    const after = takesBack ? retract!(accumulator, values) : accumulate(accumulator, values);
    this.#open.set(slot, after);
  }
  #accumulator(slot: number): unknown {
    if (this.#open.has(slot)) return this.#open.get(slot);
    const kept = this.#kept.get(slot);
    const accumulator = kept === null ? this.#aggregate.create() : this.#aggregate.fromState(kept);
    this.#open.set(slot, accumulator);
    return accumulator;
  }
  /** Writes back what the run changed. */
  #close(): void {
    for (const [slot, accumulator] of this.#open)
      this.#kept.setValue(slot, this.#aggregate.toState(accumulator));
    this.#open.clear();
  }
  #image(slot: number): void {
    const isNew = !this.#open.has(slot) && this.#kept.isNull(slot);
    this.images.append(this.#aggregate.result(isNew ? this.#aggregate.create() : this.#accumulator(slot)));
  }

  merge(into: Int32Array, from: Int32Array, count: number, source: Kernel): void {
    const other = (source as UserAggregateKernel).#kept;
    for (let i = 0; i < count; i++) {
      const [slot, there] = [into[i]!, from[i]!];
      if (other.isNull(there)) continue;
      if (this.#kept.isNull(slot)) {
        this.#kept.copySlot(slot, other, there);
        continue;
      }
      const { merge, fromState, toState } = this.#aggregate;
      if (merge === undefined) throw lacks(this.#aggregate, 'merge', 'puts parts of a window together');
      const merged = merge(fromState(this.#kept.get(slot)), fromState(other.get(there)));
      this.#kept.setValue(slot, toState(merged));
    }
  }
  reset(slots: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#kept.setValue(slots[i]!, null);
  }
  result(slots: Int32Array, count: number): void {
    this.images.begin();
    for (let i = 0; i < count; i++) this.#image(slots[i]!);
    this.#open.clear();
  }
}

const lacks = ({ title }: UserAggregate, method: string, why: string): UserError =>
  new UserError('LIB2002', {
    message: `the aggregate "${title}" has no ${method}, and the query ${why}`,
    hint:
      method === 'merge'
        ? 'Give it merge: (accumulator, other) => …; or aggregate in a TUMBLE window.'
        : 'Give it retract: (accumulator, …) => …; or aggregate over rows that are only inserted.',
  });
