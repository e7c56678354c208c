/* Reads the groups of a file, of each the columns that are needed. */

import type { RowCondition } from '#catalog';
import type { Field, Row } from '#data';
import type { ColumnFileReader, FileRange, RowGroup } from '../column-file.ts';
import { chunkRange, readFooter, type Footer } from './footer.ts';
import { LeafCursor } from './leaf-cursor.ts';
import { malformed, readSafely } from './malformed.ts';
import { groupsLeftOut } from './statistics.ts';
import { planRows, type RowPlan } from './read-plan.ts';
import type { ParquetNode } from './schema-tree.ts';
import type { Times } from './times.ts';

export class ParquetReader implements ColumnFileReader {
  readonly #fields: readonly Field[];
  readonly #times: Times;

  readonly #conditions: readonly RowCondition[];

  constructor(fields: readonly Field[], times: Times, conditions: readonly RowCondition[] = []) {
    this.#fields = fields;
    this.#times = times;
    this.#conditions = conditions;
  }
  open(footer: Uint8Array, fileBytes: number): readonly RowGroup[] {
    const { root, groups } = readFooter(footer, fileBytes);
    const plan = planRows(root, this.#fields, this.#times);
    const dataEnd = fileBytes - footer.length;
    const columns = { fields: this.#fields, times: this.#times };
    const leavesOut = groupsLeftOut(this.#conditions, footer, root, columns);
    return readSafely('the row groups in the footer cannot be read', dataEnd, () =>
      groups.map((group, i) => new Group(group, plan, dataEnd, leavesOut?.(i) === true)),
    );
  }
}

class Group implements RowGroup {
  readonly rows: number;
  readonly leftOut: boolean;
  readonly ranges: readonly FileRange[];
  readonly #plan: RowPlan;
  readonly #leaves: readonly ParquetNode[];
  readonly #chunks: Footer['groups'][number]['columns'];
  readonly #cursors = new Map<number, LeafCursor>();
  #reads: ReturnType<RowPlan['bind']> | undefined;
  #read = 0;

  constructor(group: Footer['groups'][number], plan: RowPlan, dataEnd: number, leftOut: boolean) {
    this.leftOut = leftOut;
    this.rows = Number(group.num_rows);
    if (!(this.rows >= 0)) throw malformed(`a group of ${this.rows} rows`);
    this.#plan = plan;
    this.#leaves = plan.leaves;
    this.#chunks = group.columns;
    // Writers do not care where the columns of no rows lie.
    const leaves = this.rows === 0 ? [] : plan.leaves;
    this.ranges = leaves.map((leaf) => chunkRange(this.#metadata(leaf), dataEnd));
  }
  #metadata(leaf: ParquetNode): NonNullable<Footer['groups'][number]['columns'][number]['meta_data']> {
    const chunk = this.#chunks[leaf.column];
    const found = chunk?.meta_data;
    const path = leaf.path.slice(1).map((e) => e.name);
    if (chunk?.file_path !== undefined) throw malformed(`column '${path.join('.')}' lies in another file`);
    if (
      found === undefined ||
      found.path_in_schema.join('.') !== path.join('.') ||
      found.type !== leaf.element.type
    )
      throw malformed(`a group has no column '${path.join('.')}' where the schema has it`);
    if (leaf.repetition === 0 && Number(found.num_values) !== this.rows)
      throw malformed(
        `column '${path.join('.')}' has ${found.num_values} values in a group of ${this.rows} rows`,
      );
    return found;
  }
  take(index: number, bytes: Uint8Array): void {
    const leaf = this.#leaves[index]!;
    this.#cursors.set(
      leaf.column,
      new LeafCursor(leaf, this.#metadata(leaf), bytes, this.ranges[index]!.start),
    );
  }
  next(): Row {
    this.#reads ??= this.#plan.bind(this.#cursors);
    const reads = this.#reads;
    const row = readSafely('a row cannot be read', 0, () => reads.map((read) => read()));
    this.#read++;
    if (this.#read === this.rows) {
      for (const [column, cursor] of this.#cursors)
        if (!cursor.atEnd)
          throw malformed(
            `column '${this.#chunks[column]!.meta_data!.path_in_schema.join('.')}' goes on behind the rows`,
          );
      this.#cursors.clear();
      this.#reads = undefined;
    }
    return row;
  }
}
