/* The .proto file that a table's columns give: what protobuf-confluent registers where the table names no schema. A column that
 * may be NULL is an optional field. */

import { UserError } from '#base';
import { typeText, type Field, type LogicalType } from '#data';

/** The name of the message. */
export const rowMessage = 'Row';
const indent = (text: string): string => text.replaceAll(/^/gm, '  ');

/** Throws FMT1003 for a column that Protobuf has no type for. */
export function protoOfRows(fields: readonly Field[], format: string): string {
  const writer = new Writer(format);
  const message = writer.message(rowMessage, fields, '');
  const imports = [...writer.imports].sort().map((file) => `import "${file}";\n`);
  return `syntax = "proto3";\n\n${imports.length === 0 ? '' : `${imports.join('')}\n`}${message}\n`;
}

/** Messages that are single values to SQL, as Confluent's converters have them. */
const messages: Partial<Record<LogicalType['kind'], { readonly file: string; readonly message: string }>> = {
  TIMESTAMP: { file: 'google/protobuf/timestamp.proto', message: 'google.protobuf.Timestamp' },
  TIMESTAMP_LTZ: { file: 'google/protobuf/timestamp.proto', message: 'google.protobuf.Timestamp' },
  DATE: { file: 'google/type/date.proto', message: 'google.type.Date' },
  TIME: { file: 'google/type/timeofday.proto', message: 'google.type.TimeOfDay' },
  DECIMAL: { file: 'confluent/type/decimal.proto', message: 'confluent.type.Decimal' },
};

class Writer {
  readonly #format: string;
  readonly imports = new Set<string>();

  constructor(format: string) {
    this.#format = format;
  }
  #refuse(path: string, type: LogicalType): UserError {
    return new UserError('FMT1003', {
      message: `column '${path}': the format '${this.#format}' has nothing for ${typeText({ ...type, nullable: true })}`,
      hint: `Write it as another type, or name a schema with '${this.#format}.schema'.`,
    });
  }
  message(name: string, fields: readonly Field[], path: string): string {
    const nested: string[] = [];
    const lines = fields.map(({ name: field, type }, i) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(field))
        throw new UserError('FMT1003', {
          message: `column '${path}${field}': Protobuf has no such name of a field`,
        });
      return `${this.#field(field, type, `${path}${field}`, nested)} ${field} = ${i + 1};`;
    });
    return `message ${name} {\n${indent([...lines, ...nested].join('\n'))}\n}`;
  }
  #field(name: string, type: LogicalType, path: string, nested: string[]): string {
    if (type.kind === 'ARRAY') return `repeated ${this.#single(name, type.element, path, nested)}`;
    if (type.kind === 'MAP') {
      const key = scalarOf(type.key);
      if (key === undefined || /^(float|double|bytes)$/.test(key)) throw this.#refuse(path, type);
      return `map<${key}, ${this.#single(name, type.value, path, nested)}>`;
    }
    const single = this.#single(name, type, path, nested);
    return type.nullable && type.kind !== 'ROW' && !single.includes('.') ? `optional ${single}` : single;
  }
  #single(name: string, type: LogicalType, path: string, nested: string[]): string {
    if (type.kind === 'ROW') {
      const message = `${name[0]!.toUpperCase()}${name.slice(1)}Row`;
      nested.push(this.message(message, type.fields, `${path}.`));
      return message;
    }
    const known = messages[type.kind];
    if (known !== undefined) {
      this.imports.add(known.file);
      return known.message;
    }
    const scalar = scalarOf(type);
    if (scalar === undefined) throw this.#refuse(path, type);
    return scalar;
  }
}

function scalarOf({ kind }: LogicalType): string | undefined {
  switch (kind) {
    case 'BOOLEAN':
      return 'bool';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
      return 'int32';
    case 'BIGINT':
      return 'int64';
    case 'FLOAT':
      return 'float';
    case 'DOUBLE':
      return 'double';
    case 'CHAR':
    case 'VARCHAR':
      return 'string';
    case 'BINARY':
    case 'VARBINARY':
      return 'bytes';
    default:
      return undefined;
  }
}
