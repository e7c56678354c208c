/* Partition columns as folder names: `day=2024-01-01/country=DE/`, with Hive's escapes. */

import { UserError } from '#base';
import { typeText, type Field, type LogicalType, type Value } from '#data';
import {
  dateToText,
  decimalToPlain,
  doubleToText,
  floatToText,
  parseDate,
  parseDecimal,
  parseDouble,
  parseInteger,
  toDecimalType,
} from '#formats';

/** Characters that a folder name must not hold, as Hive and Flink escape them. */
const escaped = /[\u0000-\u001f\u007f"#%'*/:=?\\{[\]^]/g;

const escapeName = (text: string): string =>
  text.replace(escaped, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
const unescapeName = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Throws FS1003 for a column whose type cannot stand in a folder's name. */
export function checkPartitionTypes(partitions: readonly Field[]): void {
  for (const { name, type } of partitions) {
    if (textOf(type) !== undefined) continue;
    throw new UserError('FS1003', {
      message: `partition column "${name}": a ${typeText(type)} cannot be the name of a folder`,
      hint: 'Use a STRING, a number, BOOLEAN or DATE.',
    });
  }
}

/** The folder of a row with these partition values, relative to the table's. */
export function partitionFolder(
  partitions: readonly Field[],
  values: readonly Value[],
  defaultName: string,
): string {
  return partitions
    .map(({ name, type }, i) => {
      const value = values[i]!;
      const text = value === null ? '' : textOf(type)!(value);
      return `${escapeName(name)}=${text === '' ? defaultName : escapeName(text)}`;
    })
    .join('/');
}

/** The partition values that the folders of `relativePath` spell out. Throws FS1004 where one is missing or
 *  no value of its type. */
export function partitionValues(
  partitions: readonly Field[],
  relativePath: string,
  defaultName: string,
): Value[] {
  const named = new Map<string, string>();
  for (const part of relativePath.split(/[/\\]/).slice(0, -1)) {
    const at = part.indexOf('=');
    if (at > 0) named.set(unescapeName(part.slice(0, at)), part.slice(at + 1));
  }
  return partitions.map(({ name, type }) => {
    const text = named.get(name);
    if (text === undefined) {
      throw new UserError('FS1004', {
        message: `the file '${relativePath}' lies in no folder '${name}=…' of its partition column`,
      });
    }
    if (text === defaultName) return null;
    const value = valueOf(type, unescapeName(text));
    if (value !== undefined) return value;
    throw new UserError('FS1004', {
      message: `the file '${relativePath}': '${text}' is no ${typeText(type)}`,
    });
  });
}

function textOf(type: LogicalType): ((value: Exclude<Value, null>) => string) | undefined {
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return String;
    case 'DATE':
      return (v) => dateToText(v as number);
    case 'DECIMAL':
      return (v) => decimalToPlain(v as bigint, type.scale);
    case 'FLOAT':
      return (v) => floatToText(v as number);
    case 'DOUBLE':
      return (v) => doubleToText(v as number);
    default:
      return undefined;
  }
}

function valueOf(type: LogicalType, text: string): Value | undefined {
  const whole = (bits: bigint): bigint | undefined =>
    parseInteger(text, -(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n);
  const narrow = (bits: bigint): number | undefined => {
    const value = whole(bits);
    return value === undefined ? undefined : Number(value);
  };
  switch (type.kind) {
    case 'CHAR':
    case 'VARCHAR':
      return text;
    case 'BOOLEAN':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
    case 'TINYINT':
      return narrow(8n);
    case 'SMALLINT':
      return narrow(16n);
    case 'INT':
      return narrow(32n);
    case 'BIGINT':
      return whole(64n);
    case 'DATE':
      return parseDate(text);
    case 'FLOAT': {
      const v = parseDouble(text);
      return v === undefined ? undefined : Math.fround(v);
    }
    case 'DOUBLE':
      return parseDouble(text);
    case 'DECIMAL': {
      const v = parseDecimal(text);
      return v === undefined ? undefined : (toDecimalType(v, type) ?? undefined);
    }
    default:
      return undefined;
  }
}
