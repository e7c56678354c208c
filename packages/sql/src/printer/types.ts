/* Types as canonical text. */

import type { DataType } from '../ast/names.ts';
import { printName, printString, quoteName } from './names.ts';

export function printDataType(type: DataType): string {
  return printBareType(type) + (type.nullable === false ? ' NOT NULL' : '');
}

function printBareType(type: DataType): string {
  const { name, elements, fields, interval } = type;
  const parameters = type.parameters.length === 0 ? '' : `(${type.parameters.join(', ')})`;
  if (elements.length > 0) return `${name}<${elements.map(printDataType).join(', ')}>`;
  if (type.className !== undefined)
    return `STRUCTURED<${[printString(type.className), ...fields.map(printField)].join(', ')}>`;
  if (name === 'ROW') return `ROW<${fields.map(printField).join(', ')}>`;
  if (interval !== undefined) return printInterval(interval);
  if (name === 'TIMESTAMP_TZ') return `TIMESTAMP${parameters} WITH TIME ZONE`;
  return builtIn.has(name) ? name + parameters : name.split('.').map(quoteName).join('.');
}

function printField(field: DataType['fields'][number]): string {
  const comment = field.comment === undefined ? '' : ` ${printString(field.comment)}`;
  return `${printName(field.name)} ${printDataType(field.type)}${comment}`;
}

function printInterval({ from, to, precision, fraction }: NonNullable<DataType['interval']>): string {
  return `INTERVAL ${printUnits(from, to, precision, fraction)}`;
}

/** DAY(3) TO SECOND(6); the fraction of a lone SECOND stands beside its precision. */
export function printUnits(
  from: string,
  to: string | undefined,
  precision: number | undefined,
  fraction: number | undefined,
): string {
  if (to !== undefined) {
    const start = precision === undefined ? from : `${from}(${precision})`;
    return `${start} TO ${fraction === undefined ? to : `${to}(${fraction})`}`;
  }
  if (precision === undefined) return from;
  return fraction === undefined ? `${from}(${precision})` : `${from}(${precision}, ${fraction})`;
}

/** The names that stand without backticks; every other name is a user's type. */
const builtIn = new Set(
  (
    'BOOLEAN TINYINT SMALLINT INT BIGINT DECIMAL FLOAT DOUBLE STRING VARCHAR CHAR BYTES VARBINARY ' +
    'BINARY DATE TIME TIMESTAMP TIMESTAMP_LTZ NULL VARIANT BITMAP'
  ).split(' '),
);
