/* Messages of changes → rows with their kinds. A message is an object; its members are read by their types, and the rules
 * of the format make rows of them.
 *
 *   {"before":{…},"after":{…},"op":"u"} ──▶ members ──▶ rules ──▶ -U row, +U row, metadata behind their cells
 *
 * Promises: a message gives all of its rows or none. */

import type { Field, LogicalType, Value } from '#data';
import { types } from '#data';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import type { FormatOptions } from '../format-options.ts';
import { code, JsonCursor } from '../json/cursor.ts';
import { hasDecimals, JsonReaders, type PartialRow, type ValueReader } from '../json/decoder.ts';
import type { MalformedRecord } from '../malformed.ts';
import type { ChangeMetadata } from './metadata.ts';
import { Message, type Change, type RowsMember } from './message.ts';
import { changeDecodeSettings } from './options.ts';

export interface ChangeRules {
  readonly format: string;
  /** Members that hold rows. */
  readonly rows: Readonly<Record<string, RowsMember>>;
  /** Members that hold text. */
  readonly texts: readonly string[];
  readonly metadata: readonly ChangeMetadata[];
  /** The member whose object is the message proper; its neighbours are only metadata. */
  readonly payload?: string | undefined;
  /** Whether a message is for this table, by texts that are read before anything else is. */
  readonly concerns?:
    | {
        readonly members: readonly string[];
        accepts(texts: ReadonlyMap<string, string>): boolean;
      }
    | undefined;
  /** The rows of a message; throws MalformedRecord. */
  changes(message: Message): readonly Change[];
}

type MemberReader = (cursor: JsonCursor) => unknown;

export class ChangeDecoder implements Decoder {
  readonly skipsMalformed: boolean;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #rules: ChangeRules;
  readonly #fields: readonly Field[];
  readonly #metadata: readonly ChangeMetadata[];
  readonly #readers: ReadonlyMap<string, MemberReader>;
  readonly #cursor: JsonCursor;

  constructor(
    rules: ChangeRules,
    fields: readonly Field[],
    options: FormatOptions,
    metadata: readonly string[],
  ) {
    const settings = changeDecodeSettings(options, rules.format);
    this.#rules = rules;
    this.#fields = fields;
    this.#cursor = new JsonCursor(rules.format);
    this.skipsMalformed = settings.ignoreErrors;
    this.#metadata = metadata.flatMap((key) => rules.metadata.filter((m) => m.key === key));
    const readers = new JsonReaders(settings, hasDecimals(fields), () => this.onLoss?.('made-null'));
    this.#readers = this.#memberReaders(readers);
  }
  #memberReaders(readers: JsonReaders): Map<string, MemberReader> {
    const all = new Map<string, MemberReader>();
    const read = (member: string, type: LogicalType): ValueReader => readers.value(type, `'${member}'`);
    for (const { member, memberType } of this.#metadata) all.set(member, read(member, memberType));
    for (const member of this.#rules.texts) all.set(member, read(member, types.STRING));
    for (const [member, kind] of Object.entries(this.#rules.rows)) {
      const partial = kind === 'partial-row' || kind === 'partial-rows';
      const row = objectOrNull(
        member,
        partial ? readers.partial(this.#fields.map(nullable)) : readers.fields(this.#fields),
      );
      all.set(member, kind === 'row' || kind === 'partial-row' ? row : arrayOf(member, row));
    }
    return all;
  }

  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    if (start === end) return;
    const cursor = this.#cursor;
    cursor.reset(data, start, end);
    if (!this.#concerned(cursor, start)) return;
    cursor.reset(data, start, end);
    const members = new Map<string, unknown>();
    this.#members(cursor, members);
    if (this.onLoss !== undefined && cursor.peek() >= 0) this.onLoss('trailing');
    const fail = (reason: string, hint?: string): MalformedRecord => cursor.malformed(reason, start, hint);
    const message = new Message(members, this.#fields, fail);
    const changes = this.#rules.changes(message);
    const behind = this.#metadata.map((m) => metadataCell(m, message));
    for (const { row, kind } of changes) emit(behind.length === 0 ? row : [...row, ...behind], kind);
  }
  #concerned(cursor: JsonCursor, start: number): boolean {
    const { concerns } = this.#rules;
    if (concerns === undefined) return true;
    const texts = new Map<string, string>();
    this.#object(cursor, (name) => {
      cursor.value();
      if (concerns.members.includes(name)) texts.set(name, cursor.text());
    });
    const missing = concerns.members.find((name) => !texts.has(name));
    if (missing !== undefined) {
      const reason = `'${missing}' of the message is missing`;
      throw cursor.malformed(reason, start, `'${this.#rules.format}.${missing}.include' needs it.`);
    }
    return concerns.accepts(texts);
  }
  #members(cursor: JsonCursor, members: Map<string, unknown>): void {
    const { payload } = this.#rules;
    const inside = (name: string): void => {
      const read = this.#readers.get(name);
      if (read === undefined) cursor.value();
      else members.set(name, read(cursor));
    };
    if (payload === undefined) return this.#object(cursor, inside);
    let found = false;
    this.#object(cursor, (name) => {
      if (name === payload && cursor.peek() === code.openBrace) {
        found = true;
        this.#object(cursor, inside);
      } else if (name === payload) cursor.value();
      else if (this.#metadata.some((m) => m.member === name)) inside(name);
      else cursor.value();
    });
    if (!found) {
      const reason = `'${payload}' of the message is missing or null`;
      throw cursor.malformed(
        reason,
        cursor.at,
        `Set '${this.#rules.format}.schema-include' = 'false' for messages without a schema.`,
      );
    }
  }
  #object(cursor: JsonCursor, member: (name: string) => void): void {
    if (cursor.peek() !== code.openBrace) throw cursor.malformed('expected an object');
    cursor.enter();
    for (let first = true; cursor.nextKey(first); first = false) member(cursor.text());
  }
}

const nullable = (field: Field): Field => ({ ...field, type: { ...field.type, nullable: true } });

function objectOrNull(member: string, read: (cursor: JsonCursor) => PartialRow): MemberReader {
  return (c) => {
    if (c.peek() === code.openBrace) return read(c);
    c.value();
    if (c.kind === 'null') return null;
    throw c.malformed(`'${member}': expected an object`, c.start);
  };
}
function arrayOf(member: string, element: MemberReader): MemberReader {
  return (c) => {
    if (c.peek() !== code.openBracket) {
      c.value();
      if (c.kind === 'null') return null;
      throw c.malformed(`'${member}': expected an array of objects`, c.start);
    }
    const rows: unknown[] = [];
    c.enter();
    for (let first = true; c.nextElement(first); first = false) rows.push(element(c));
    return rows;
  };
}

function metadataCell({ key, member, convert }: ChangeMetadata, message: Message): Value {
  const value = message.value(member);
  if (value === null || convert === undefined) return value;
  const cell = convert(value);
  if (cell === undefined) throw message.malformed(`'${member}' does not fit the metadata '${key}'`);
  return cell;
}
