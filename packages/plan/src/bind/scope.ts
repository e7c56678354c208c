/* Names in reach of an expression: the fields of one input row, grouped by the relation that they came from; behind them,
 * in a sub-query, those of the query around it. */

import { didYouMean, UserError } from '#base';
import type { RowType } from '#data';
import { bindCall, mapColumns, type ColumnExpr, type Expr } from '#expr';
import type { Identifier } from '#sql';
import { otherFunction } from './other-dialects.ts';
import type { RelField } from '../logical/field.ts';
import { outerReference } from './outer.ts';

export interface ScopeTable {
  /** Alias or table name; undefined for a derived table without one. */
  readonly name: string | undefined;
  /** Catalog and database in front of the name, when it has no alias. */
  readonly qualifier: readonly string[];
  readonly fields: readonly RelField[];
  /** Where its first field lies in the row. */
  readonly at: number;
}

/** A column that JOIN … USING and NATURAL JOIN make of two of one name: the first of its parts that is not NULL. */
export interface MergedColumn {
  readonly name: string;
  readonly parts: readonly number[];
  /** Columns that only a name with a table in front reaches. */
  readonly hides: readonly number[];
}

export class Scope {
  readonly tables: readonly ScopeTable[];
  readonly fields: readonly RelField[];
  readonly merged: readonly MergedColumn[];
  /** The query around a sub-query. */
  readonly parent: Scope | undefined;

  constructor(tables: readonly ScopeTable[], merged: readonly MergedColumn[] = [], parent?: Scope) {
    this.tables = tables;
    this.fields = tables.flatMap((t) => t.fields);
    this.merged = merged;
    this.parent = parent;
  }
  static of(name: string | undefined, fields: readonly RelField[], qualifier: readonly string[] = []): Scope {
    return new Scope([{ name, qualifier, fields, at: 0 }]);
  }
  /** This scope, then another's tables behind it: the row of a join. */
  join(other: Scope): Scope {
    const shift = this.fields.length;
    const shifted = (columns: readonly number[]): number[] => columns.map((c) => c + shift);
    return new Scope(
      [...this.tables, ...other.tables.map((t) => ({ ...t, at: t.at + shift }))],
      [
        ...this.merged,
        ...other.merged.map((m) => ({ ...m, parts: shifted(m.parts), hides: shifted(m.hides) })),
      ],
    );
  }
  /** The same names within a query around. */
  within(parent: Scope | undefined): Scope {
    return parent === undefined ? this : new Scope(this.tables, this.merged, parent);
  }
  /** The same names for fields that have become others: nullable, or no longer time attributes. */
  withFields(fields: readonly RelField[]): Scope {
    const tables = this.tables.map((t) => ({
      ...t,
      fields: t.fields.map(({ name }, i) => ({ ...fields[t.at + i]!, name })),
    }));
    return new Scope(tables, this.merged, this.parent);
  }
  withMerged(merged: readonly MergedColumn[]): Scope {
    return new Scope(this.tables, merged, this.parent);
  }
  mergedColumn({ parts }: MergedColumn): Expr {
    const columns = parts.map((p) => this.column(p));
    return columns.length === 1 ? columns[0]! : bindCall('COALESCE', columns);
  }
  /** Whether a column, or a table of some path, begins with the name. */
  has(name: string): boolean {
    return this.tables.some((t) => t.name === name || fieldIndex(t.fields, name) >= 0);
  }
  column(index: number): ColumnExpr {
    return { kind: 'column', index, type: this.fields[index]!.type };
  }

  /** a, t.a, db.t.a, a.field, t.a.field.…: tables first, then columns, then fields of rows, as Calcite resolves them. */
  resolve(path: readonly Identifier[]): Expr {
    const found = this.#find(path);
    if (found !== undefined) return found;
    for (let around = this.parent, level = 1; around !== undefined; around = around.parent, level++) {
      const outer = around.#find(path);
      if (outer !== undefined) return mapColumns(outer, (c) => outerReference(c, level));
    }
    throw this.#unknown(path);
  }
  /** What the name stands for in this scope alone. Throws where it is known but wrong. */
  #find(path: readonly Identifier[]): Expr | undefined {
    for (let split = Math.min(path.length - 1, 3); split >= 1; split--) {
      const table = this.table(path.slice(0, split));
      if (table === undefined) continue;
      const found = fieldIndex(table.fields, path[split]!.text);
      if (found >= 0) return descend(this.column(table.at + found), path.slice(split + 1));
      if (split === path.length - 1) throw unknownColumn(path[split]!, table);
    }
    const [first, ...rest] = path;
    const merged = this.merged.filter((m) => sameName(m.name, first!.text));
    const hidden = new Set(merged.flatMap((m) => m.hides));
    const matches = this.tables.flatMap((t) => {
      const index = fieldIndex(t.fields, first!.text);
      return index < 0 || hidden.has(t.at + index) ? [] : [t.at + index];
    });
    if (matches.length + merged.length > 1) {
      throw new UserError('SQL2003', {
        at: first!.span,
        message: `column "${first!.text}" is ambiguous: more than one table has it`,
        hint: 'Put the table in front of it: t.column.',
      });
    }
    if (merged.length === 1) return descend(this.mergedColumn(merged[0]!), rest);
    return matches.length === 1 ? descend(this.column(matches[0]!), rest) : undefined;
  }
  table(path: readonly Identifier[]): ScopeTable | undefined {
    const names = path.map((p) => p.text);
    return this.tables.find((t) => {
      if (t.name === undefined) return false;
      const full = [...t.qualifier, t.name];
      return (
        names.length <= full.length &&
        names.every((n, i) => sameName(n, full[full.length - names.length + i]!))
      );
    });
  }
  #unknown(path: readonly Identifier[]): UserError {
    const [first] = path;
    if (path.length > 1) {
      return new UserError('SQL2002', {
        at: first!.span,
        message: `no table or column "${first!.text}"`,
        hint: didYouMean(first!.text, [
          ...this.tables.flatMap((t) => t.name ?? []),
          ...this.fields.map((f) => f.name),
        ]),
      });
    }
    const where = this.tables.length === 1 && this.tables[0]!.name ? ` in "${this.tables[0]!.name}"` : '';
    return new UserError('SQL1004', {
      at: first!.span,
      message: `no column "${first!.text}"${where}`,
      hint: this.#meant(first!.text),
    });
  }
  #meant(name: string): string | undefined {
    const table = this.tables.find((t) => t.name !== undefined && sameName(t.name, name));
    if (table !== undefined)
      return table.fields.length === 1
        ? `"${name}" is a table of one column: name that too, AS ${name} (item).`
        : `"${name}" is a table: write ${name}.column.`;
    return (
      otherFunction(name) ??
      didYouMean(
        name,
        this.fields.flatMap((f) => (f.name.startsWith('\u0000') ? [] : f.name)),
      )
    );
  }
}

/** Flink keeps case; we find a column in another case when only one is meant. */
const sameName = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();
function fieldIndex(fields: readonly { readonly name: string }[], name: string): number {
  const exact = fields.findIndex((f) => f.name === name);
  if (exact >= 0) return exact;
  const loose = fields.flatMap((f, i) => (sameName(f.name, name) ? [i] : []));
  return loose.length === 1 ? loose[0]! : -1;
}

function unknownColumn(id: Identifier, table: ScopeTable): UserError {
  return new UserError('SQL1004', {
    at: id.span,
    message: `no column "${id.text}" in "${table.name}"`,
    hint: didYouMean(
      id.text,
      table.fields.map((f) => f.name),
    ),
  });
}

/** Follows a path into nested rows. */
export function descend(start: Expr, path: readonly Identifier[]): Expr {
  let expr = start;
  for (const id of path) {
    if (expr.type.kind !== 'ROW') {
      throw new UserError('SQL2004', {
        at: id.span,
        message: `"${id.text}" is asked of a value that is not a ROW`,
      });
    }
    const row: RowType = expr.type;
    const index = fieldIndex(row.fields, id.text);
    if (index < 0)
      throw new UserError('SQL1004', {
        at: id.span,
        message: `no field "${id.text}" in the row`,
        hint: didYouMean(
          id.text,
          row.fields.map((f) => f.name),
        ),
      });
    const { type } = row.fields[index]!;
    expr = { kind: 'field', operand: expr, index, type: row.nullable ? { ...type, nullable: true } : type };
  }
  return expr;
}
