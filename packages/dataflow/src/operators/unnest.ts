/* UNNEST: one row per element of an ARRAY, MAP or MULTISET, behind the columns of its row. An empty or NULL collection
 * gives no row, or with LEFT JOIN one of NULLs; a ROW that is NULL is left out, as in Flink. Stateless. */

import { readValue, type LogicalType, type MapValue, type Value } from '#data';
import type { UnnestSpec } from '#job';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

interface Element {
  readonly cells: readonly Value[];
  /** From 1; elements that are left out are counted. */
  readonly ordinal: number;
}

class UnnestOperator implements RunOperator {
  readonly #spec: UnnestSpec;
  readonly #width: number;
  /** The elements of an unfinished row, and the next of them. */
  #elements: readonly Element[] | undefined;
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
        this.#emit(run, row, this.#elements[this.#next], out);
      }
      if (this.#elements.length === 0 && this.#spec.left) {
        if (out.full) return row;
        this.#emit(run, row, undefined, out);
      }
      this.#elements = undefined;
      this.#next = 0;
      out.through();
    }
    return to;
  }
  #elementsOf({ batch }: Run, row: number): readonly Element[] {
    const { column, type } = this.#spec;
    return elementsOf(readValue(batch.columns[column]!, type, row), type);
  }
  #emit({ batch }: Run, row: number, element: Element | undefined, out: RunOutput): void {
    const { columns } = out;
    const added = columns.length - this.#width;
    for (let c = 0; c < this.#width; c++) columns[c]!.appendFrom(batch.columns[c]!, row);
    for (let i = 0; i < added; i++) {
      const isOrdinal = this.#spec.ordinality && i === added - 1;
      columns[this.#width + i]!.append(
        element === undefined ? null : isOrdinal ? element.ordinal : (element.cells[i] ?? null),
      );
    }
    out.endRow(batch.kinds === undefined ? 0 : batch.kinds[row]!);
  }
}

/** The cells of each element: a ROW's fields, a MAP's key and value, an element that occurs twice in a MULTISET twice. */
function elementsOf(value: Value, type: LogicalType): readonly Element[] {
  if (value === null) return [];
  switch (type.kind) {
    case 'ARRAY':
      return numbered(value as readonly Value[], type.element);
    case 'MAP':
      return (value as MapValue).entries.map((cells, i) => ({ cells, ordinal: i + 1 }));
    case 'MULTISET':
      return numbered(
        (value as MapValue).entries.flatMap(([e, n]) => Array.from({ length: Number(n) }, () => e)),
        type.element,
      );
    default:
      return [];
  }
}

function numbered(values: readonly Value[], type: LogicalType): readonly Element[] {
  if (type.kind !== 'ROW') return values.map((value, i) => ({ cells: [value], ordinal: i + 1 }));
  return values.flatMap((row, i) =>
    row === null ? [] : [{ cells: row as readonly Value[], ordinal: i + 1 }],
  );
}

registerRunOperator('unnest', (spec, setup) => new UnnestOperator(spec, setup), { stateless: true });
