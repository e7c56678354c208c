/* Drift of CSV records, whose cells have places and no names: too many, too few, and text where a number or a truth value should
 * be. */

import type { Field, LogicalType } from '#data';
import type { Drift, DriftInspector } from '../drift.ts';
import { MalformedRecord } from '../malformed.ts';
import type { FormatOptions } from '../format-options.ts';
import { csvSettings, type CsvSettings } from './options.ts';
import { CsvReader } from './reader.ts';

const sampleMax = 60;

export class CsvDrift implements DriftInspector {
  readonly #fields: readonly Field[];
  readonly #reader: CsvReader;
  readonly #nullLiteral: string | undefined;
  readonly #cells: string[] = [];

  /** `fields`: all of a record, in order. */
  constructor(fields: readonly Field[], settings: CsvSettings) {
    this.#fields = fields;
    this.#reader = new CsvReader(settings);
    this.#nullLiteral = settings.nullLiteral;
  }
  inspect(data: Uint8Array, start: number, end: number): readonly Drift[] {
    try {
      if (!this.#reader.read(data, start, end, this.#cells)) return [];
    } catch (error) {
      if (error instanceof MalformedRecord) return [];
      throw error;
    }
    const cells = this.#cells;
    // An empty line is no record.
    if (cells.length === 1 && cells[0] === '') return [];
    const found: Drift[] = [];
    for (const [i, cell] of cells.entries()) {
      const field = this.#fields[i];
      if (field === undefined)
        found.push({ kind: 'unknown', path: `cell ${i + 1}`, sample: short(cell), noColumn: true });
      else if (cell !== this.#nullLiteral && cell !== '' && !fits(cell, field.type))
        found.push({ kind: 'type', path: field.name, sample: short(cell) });
    }
    for (const { name } of this.#fields.slice(cells.length))
      found.push({ kind: 'missing', path: name, sample: '' });
    return found;
  }
}

/** The cells of a header. Throws MalformedRecord. */
export function csvNames(
  data: Uint8Array,
  start: number,
  end: number,
  options: FormatOptions,
): readonly string[] {
  const cells: string[] = [];
  new CsvReader(csvSettings(options)).read(data, start, end, cells);
  return cells;
}

function fits(cell: string, { kind }: LogicalType): boolean {
  switch (kind) {
    case 'BOOLEAN':
      return /^\s*(true|false)\s*$/i.test(cell);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return /^\s*[-+]?\d+\s*$/.test(cell);
    case 'DECIMAL':
    case 'FLOAT':
    case 'DOUBLE':
      return (
        cell.trim() !== '' && (/^\s*[-+]?(NaN|Infinity)\s*$/.test(cell) || Number.isFinite(Number(cell)))
      );
    default:
      return true;
  }
}
const short = (text: string): string => {
  const quoted = JSON.stringify(text);
  return quoted.length > sampleMax ? `${quoted.slice(0, sampleMax)} …` : quoted;
};
