/* UNNEST: one row per element of an ARRAY, MAP or MULTISET, behind the columns of its row. An empty or NULL collection
 * gives no row, or with LEFT JOIN one of NULLs. Stateless. */

import type { UnnestSpec } from '#job';
import { readValue, type Batch, type LogicalType, type MapValue, type Value } from '#data';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class UnnestOperator extends RowOperator {
  readonly #spec: UnnestSpec;
  readonly #width: number;

  constructor(spec: UnnestSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#width = setup.inputTypes[0]!.length;
  }
  protected onRow(batch: Batch, row: number): void {
    const kind = batch.kinds === undefined ? 0 : batch.kinds[row]!;
    const elements = elementsOf(
      readValue(batch.columns[this.#spec.column]!, this.#spec.type, row),
      this.#spec.type,
    );
    const { columns } = this.builder;
    const added = columns.length - this.#width;
    const emit = (cells: readonly Value[] | undefined, ordinal: number): void => {
      for (let c = 0; c < this.#width; c++) columns[c]!.appendFrom(batch.columns[c]!, row);
      for (let i = 0; i < added; i++) {
        const isOrdinal = this.#spec.ordinality && i === added - 1;
        columns[this.#width + i]!.append(
          cells === undefined ? null : isOrdinal ? ordinal : (cells[i] ?? null),
        );
      }
      this.builder.endRow(kind);
    };
    elements.forEach((cells, i) => {
      emit(cells, i + 1);
    });
    if (elements.length === 0 && this.#spec.left) emit(undefined, 0);
  }
  protected save(): void {}
  protected load(): void {}
}

/** The cells of each element: a ROW's fields, a MAP's key and value, an element that occurs twice in a MULTISET twice. */
function elementsOf(value: Value, type: LogicalType): readonly (readonly Value[])[] {
  if (value === null) return [];
  const cells = (element: Value, isRow: boolean): readonly Value[] =>
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

registerOperator<UnnestSpec>('unnest', (spec, setup) => new UnnestOperator(spec, setup));
