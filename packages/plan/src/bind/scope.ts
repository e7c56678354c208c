/* Names in reach of an expression: the fields of one input row, grouped by the relation that they came from. */

import { didYouMean, UserError } from '#base';
import type { RowType } from '#data';
import type { ColumnExpr, Expr } from '#expr';
import type { Identifier } from '#sql';
import type { RelField } from '../logical/rel.ts';

export interface ScopeTable {
  /** Alias or table name; undefined for a derived table without one. */
  readonly name: string | undefined;
  /** Catalog and database in front of the name, when it has no alias. */
  readonly qualifier: readonly string[];
  readonly fields: readonly RelField[];
  /** Where its first field lies in the row. */
  readonly at: number;
}

export class Scope {
  readonly tables: readonly ScopeTable[];
  readonly fields: readonly RelField[];

  constructor(tables: readonly ScopeTable[]) {
    this.tables = tables;
    this.fields = tables.flatMap((t) => t.fields);
  }
  static of(name: string | undefined, fields: readonly RelField[], qualifier: readonly string[] = []): Scope {
    return new Scope([{ name, qualifier, fields, at: 0 }]);
  }
  /** This scope, then another's tables behind it: the row of a join. */
  join(other: Scope): Scope {
    const shift = this.fields.length;
    return new Scope([...this.tables, ...other.tables.map((t) => ({ ...t, at: t.at + shift }))]);
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
    for (let split = Math.min(path.length - 1, 3); split >= 1; split--) {
      const table = this.table(path.slice(0, split));
      if (table === undefined) continue;
      const found = fieldIndex(table.fields, path[split]!.text);
      if (found >= 0) return descend(this.column(table.at + found), path.slice(split + 1));
      if (split === path.length - 1) throw unknownColumn(path[split]!, table);
    }
    const [first, ...rest] = path;
    const matches = this.tables.flatMap((t) => {
      const index = fieldIndex(t.fields, first!.text);
      return index < 0 ? [] : [t.at + index];
    });
    if (matches.length > 1) {
      throw new UserError('SQL2003', {
        at: first!.span,
        message: `column "${first!.text}" is ambiguous: more than one table has it`,
        hint: 'Put the table in front of it: t.column.',
      });
    }
    if (matches.length === 1) return descend(this.column(matches[0]!), rest);
    throw this.#unknown(path);
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
      hint: didYouMean(
        first!.text,
        this.fields.map((f) => f.name),
      ),
    });
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
