/* One message of a change format, as its rules see it: the members of its object. */

import { changeKind, type Field, type Row, type Value } from '#data';
import type { PartialRow } from '../json/decoder.ts';
import type { MalformedRecord } from '../malformed.ts';

/** One row that a message makes, and the kind of its change. */
export interface Change {
  readonly row: Row;
  readonly kind: number;
}

/** What a member that holds rows is: one whole row, several, or rows of which only the cells that changed are there. */
export type RowsMember = 'row' | 'rows' | 'partial-row' | 'partial-rows';

export class Message {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #fields: readonly Field[];
  readonly #fail: (reason: string, hint?: string) => MalformedRecord;

  constructor(
    members: ReadonlyMap<string, unknown>,
    fields: readonly Field[],
    fail: (reason: string, hint?: string) => MalformedRecord,
  ) {
    this.#members = members;
    this.#fields = fields;
    this.#fail = fail;
  }
  /** The error for a message that its format does not allow. */
  malformed(reason: string, hint?: string): MalformedRecord {
    return this.#fail(reason, hint);
  }
  /** The text of a member; throws MalformedRecord when it is not there. */
  text(member: string, hint?: string): string {
    return this.#needed<string>(member, 'the message', hint);
  }
  /** A member that is NULL or not there is NULL. */
  value(member: string): Value {
    return (this.#members.get(member) ?? null) as Value;
  }
  row(member: string, of: string, hint?: string): Row {
    return this.#needed<Row>(member, of, hint);
  }
  rows(member: string, of: string): readonly Row[] {
    return this.#all(this.#needed<readonly (Row | null)[]>(member, of), member);
  }
  partialRow(member: string, of: string): PartialRow {
    return this.#needed<PartialRow>(member, of);
  }
  partialRows(member: string, of: string): readonly PartialRow[] {
    return this.#all(this.#needed<readonly (PartialRow | null)[]>(member, of), member);
  }
  /** Both rows of an update, of which `old` has only the cells that changed. */
  update(old: PartialRow, after: Row): readonly Change[] {
    const before = old.map((cell, i) => (cell === undefined ? after[i]! : cell));
    const odd = before.findIndex((cell, i) => cell === null && !this.#fields[i]!.type.nullable);
    if (odd >= 0)
      throw this.#fail(`field '${this.#fields[odd]!.name}' of the old row is NULL, and its type is NOT NULL`);
    return [
      { row: before, kind: changeKind.updateBefore },
      { row: after, kind: changeKind.updateAfter },
    ];
  }

  #needed<T>(member: string, of: string, hint?: string): T {
    const value = this.#members.get(member) ?? null;
    if (value === null) throw this.#fail(`'${member}' of ${of} is missing or null`, hint);
    return value as T;
  }
  #all<T>(rows: readonly (T | null)[], member: string): readonly T[] {
    const odd = rows.indexOf(null);
    if (odd >= 0) throw this.#fail(`row ${odd + 1} of '${member}' is null`);
    return rows as readonly T[];
  }
}
