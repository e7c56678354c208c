/* UNNEST: one row per element of an ARRAY, MAP or MULTISET, behind the columns of its row. An empty or NULL collection
 * gives no row, or with LEFT JOIN one of NULLs. Stateless. */

import { readValue, type LogicalType, type MapValue, type Value } from '#data';
import type { UnnestSpec } from '#job';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

type Cells = readonly Value[];

class UnnestOperator implements RunOperator {
  readonly #spec: UnnestSpec;
  readonly #width: number;
  /** The elements of an unfinished row, and the next of them. */
  #elements: readonly Cells[] | undefined;
  #next = 0;

  constructor(spec: UnnestSpec, setup: RunSetup) {
    this.#spec = spec;
    this.#width = setup.inputTypes[0]!.length;
  }
  rows(run: Run, out: RunOutput): number {
    const { from, to } = run;
    for (let row = from; row < to; row++) {
      this.#elements ??= this.#elementsOf(run, row);
      for (; this.#next < this.#elements.length; this.#next++) {
        if (out.full) return row;
        this.#emit(run, row, this.#elements[this.#next], this.#next + 1, out);
      }
      if (this.#elements.length === 0 && this.#spec.left) {
        if (out.full) return row;
        this.#emit(run, row, undefined, 0, out);
      }
      this.#elements = undefined;
      this.#next = 0;
      out.through();
    }
    return to;
  }
  #elementsOf({ batch }: Run, row: number): readonly Cells[] {
    const { column, type } = this.#spec;
    return elementsOf(readValue(batch.columns[column]!, type, row), type);
  }
  #emit({ batch }: Run, row: number, cells: Cells | undefined, ordinal: number, out: RunOutput): void {
    const { columns } = out;
    const added = columns.length - this.#width;
    for (let c = 0; c < this.#width; c++) columns[c]!.appendFrom(batch.columns[c]!, row);
    for (let i = 0; i < added; i++) {
      const isOrdinal = this.#spec.ordinality && i === added - 1;
      columns[this.#width + i]!.append(cells === undefined ? null : isOrdinal ? ordinal : (cells[i] ?? null));
    }
    out.endRow(batch.kinds === undefined ? 0 : batch.kinds[row]!);
  }
}

/** The cells of each element: a ROW's fields, a MAP's key and value, an element that occurs twice in a MULTISET twice. */
function elementsOf(value: Value, type: LogicalType): readonly Cells[] {
  if (value === null) return [];
  const cells = (element: Value, isRow: boolean): Cells =>
    isRow ? ((element ?? []) as readonly Value[]) : [element];
  switch (type.kind) {
    case 'ARRAY':
      return (value as readonly Value[]).map((e) => cells(e, type.element.kind === 'ROW'));
    case 'MAP':
      return (value as MapValue).entries;
    case 'MULTISET':
      return (value as MapValue).entries.flatMap(([e, n]) =>
        Array.from({ length: Number(n) }, () => cells(e, type.element.kind === 'ROW')),
      );
    default:
      return [];
  }
}

registerRunOperator('unnest', (spec, setup) => new UnnestOperator(spec, setup));
