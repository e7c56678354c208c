/* Rows → messages of an Avro schema: of the one that the columns give, or of another that they fit. A writer for every place
 * of the schema is made once; a row is a walk over them. */

import { ByteWriter, UserError } from '#base';
import { mapTypes, typeText, type Column, type Field, type LogicalType } from '#data';
import type { AvroType, Json, RecordType, UnionType } from '#schemas';
import { writeDefault } from './write-default.ts';
import { scalarWriter, type CellWriter } from './scalar-writers.ts';
import type { Encoder } from '../format.ts';
import { logicalOf } from './read-plan.ts';
import { writeInt, writeLong } from './write-values.ts';

type RowWriter = (columns: readonly Column[], row: number, to: ByteWriter) => void;

const isNull = (column: Column, row: number): boolean =>
  column.valid !== undefined && column.valid[row] === 0;

export class AvroEncoder implements Encoder {
  readonly #write: RowWriter;

  /** Throws FMT1003 for columns and fields that do not fit each other. */
  constructor(schema: AvroType, fields: readonly Field[], format: string) {
    this.#write = new Writers(format).rows(schema, fields);
  }
  encode(columns: readonly Column[], row: number, _kind: number, to: ByteWriter): void {
    this.#write(columns, row, to);
  }
}

class Writers {
  readonly #format: string;
  constructor(format: string) {
    this.#format = format;
  }
  #unfit(name: string, problem: string, hint?: string): UserError {
    return new UserError('FMT1003', {
      message: `column '${name}' of the format '${this.#format}': ${problem}`,
      hint,
    });
  }

  rows(schema: AvroType, fields: readonly Field[]): RowWriter {
    if (schema.kind === 'union') {
      const at = schema.branches.findIndex((branch) => branch.kind === 'record');
      const write = this.rows(schema.branches[at] ?? schema.branches[0]!, fields);
      return (columns, row, to) => {
        writeInt(to, at);
        write(columns, row, to);
      };
    }
    if (schema.kind !== 'record')
      throw new UserError('FMT1003', {
        message: `the format '${this.#format}' writes records, and the schema is of type ${schema.kind}`,
      });
    return this.#record(schema, fields, '');
  }
  #record(schema: RecordType, fields: readonly Field[], path: string): RowWriter {
    const odd = fields.find((f) => !schema.fields.some((s) => s.name === f.name));
    if (odd !== undefined)
      throw this.#unfit(`${path}${odd.name}`, `the record '${schema.fullName}' has no such field`);
    const writers = schema.fields.map((field): RowWriter => {
      const index = fields.findIndex((f) => f.name === field.name);
      const name = `${path}${field.name}`;
      if (index >= 0) {
        const write = this.#nullable(field.type, fields[index]!.type, name);
        return (columns, row, to) => write(columns[index]!, row, to);
      }
      const fallback = this.#default(field.type, field.default, name);
      return (_, __, to) => to.bytes(fallback);
    });
    return (columns, row, to) => {
      for (let i = 0; i < writers.length; i++) writers[i]!(columns, row, to);
    };
  }

  /** Of a value that may be NULL. */
  #nullable(schema: AvroType, type: LogicalType, name: string): CellWriter {
    if (schema.kind === 'union') return this.#union(schema, type, name);
    const write = this.#value(schema, type, name);
    const refused = (): UserError =>
      new UserError('FMT1005', {
        message: `column '${name}' is NULL, and its field in the schema of the format '${this.#format}' has no null`,
        hint: `Filter such rows, write COALESCE(${name}, …), or let the field be a union with null.`,
      });
    if (schema.kind === 'null') return write;
    return (column, row, to) => {
      if (isNull(column, row)) throw refused();
      write(column, row, to);
    };
  }
  /** The first branch that the column's type fits, and the null branch. */
  #union({ branches }: UnionType, type: LogicalType, name: string): CellWriter {
    const nulls = branches.findIndex((b) => b.kind === 'null');
    const at = branches.findIndex((b) => b.kind !== 'null' && this.#fits(b, type, name));
    if (at < 0) throw this.#unfit(name, `${typeText(type)} fits no branch of its union`);
    const write = this.#value(branches[at]!, type, name);
    return (column, row, to) => {
      if (!isNull(column, row)) {
        writeInt(to, at);
        write(column, row, to);
      } else if (nulls >= 0) writeInt(to, nulls);
      else
        throw new UserError('FMT1005', {
          message: `column '${name}' is NULL, and its union in the schema of the format '${this.#format}' has no null`,
        });
    };
  }
  #fits(schema: AvroType, type: LogicalType, name: string): boolean {
    try {
      this.#value(schema, type, name);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }

  #value(schema: AvroType, type: LogicalType, name: string): CellWriter {
    const writer = this.#nested(schema, type, name) ?? scalarWriter(schema, type, name);
    if (writer !== undefined) return writer;
    const logical = logicalOf(schema);
    throw this.#unfit(
      name,
      `${typeText({ ...type, nullable: true })} is no ${schema.kind}${logical === undefined ? '' : ` (${logical})`}`,
    );
  }
  #nested(schema: AvroType, type: LogicalType, name: string): CellWriter | undefined {
    if (schema.kind === 'record' && type.kind === 'ROW') {
      const write = this.#record(schema, type.fields, `${name}.`);
      return (column, row, to) => write((column as Column & { layout: 'row' }).fields, row, to);
    }
    if (schema.kind === 'array' && type.kind === 'ARRAY') {
      const write = this.#nullable(schema.items, type.element, `${name}[]`);
      return (column, row, to) => {
        const list = column as Column & { layout: 'list' };
        const start = list.starts[row]!;
        const length = list.lengths[row]!;
        if (length > 0) writeLong(to, length);
        for (let i = 0; i < length; i++) write(list.element, start + i, to);
        to.byte(0);
      };
    }
    if (schema.kind === 'map' && (type.kind === 'MAP' || type.kind === 'MULTISET')) {
      const [key, value] = mapTypes(type);
      if (key.kind !== 'CHAR' && key.kind !== 'VARCHAR') return undefined;
      const write = this.#nullable(schema.values, value, `${name}{}`);
      const key_ = this.#nullable({ kind: 'string', properties: new Map() }, key, `${name}{}`);
      return (column, row, to) => {
        const map = column as Column & { layout: 'map' };
        const start = map.starts[row]!;
        const length = map.lengths[row]!;
        if (length > 0) writeLong(to, length);
        for (let i = 0; i < length; i++) {
          key_(map.keys, start + i, to);
          write(map.values, start + i, to);
        }
        to.byte(0);
      };
    }
    return undefined;
  }

  /** A field that no column is for, as bytes: its default. */
  #default(schema: AvroType, json: Json | undefined, name: string): Uint8Array {
    if (json === undefined)
      throw this.#unfit(
        name,
        `no column has this name, and the field has no default`,
        'Add a column, or a default to the schema.',
      );
    const to = new ByteWriter();
    writeDefault(to, schema, json);
    return to.finish();
  }
}
