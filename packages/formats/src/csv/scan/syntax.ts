/* What the scanners know of a table's CSV: its characters as bytes, and which column each cell of a record goes to. */

import type { Field } from '#data';
import type { Frame } from '../../scan/frame.ts';
import type { LeafSlot } from '../../scan/slots.ts';
import type { CsvSettings } from '../options.ts';

export const newline = 10;
export const carriageReturn = 13;

/** Characters that end and enclose cells. */
export interface CsvCharacters {
  readonly delimiter: number;
  readonly quote: number | undefined;
  readonly escape: number | undefined;
  readonly comments: boolean;
}

export interface CsvSyntax extends CsvCharacters {
  readonly nullLiteral: Uint8Array | undefined;
  readonly ignoreErrors: boolean;
  /** A record's cells in order; undefined: nobody reads it. */
  readonly cells: readonly (LeafSlot | undefined)[];
}

/** What may stand in numbers and times, and what ends lines: no character for scanners. */
const ordinary = /[0-9A-Za-z+\-.: \r\n]/;

/** Undefined for characters that could be taken for a part of a value, or for each other. */
export function csvCharacters(settings: CsvSettings): CsvCharacters | undefined {
  const { delimiter, quote, escape, comments } = settings;
  const used = [delimiter, quote, escape].filter((c) => c !== undefined);
  if (new Set(used).size < used.length || used.some((c) => ordinary.test(c))) return undefined;
  return {
    delimiter: delimiter.charCodeAt(0),
    quote: quote?.charCodeAt(0),
    escape: escape?.charCodeAt(0),
    comments,
  };
}

/** Undefined for settings that scanners do not take. */
export function csvSyntax(
  settings: CsvSettings,
  frame: Frame,
  record: readonly Field[],
): CsvSyntax | undefined {
  const characters = csvCharacters(settings);
  const { nullLiteral, ignoreErrors } = settings;
  if (characters === undefined || nullLiteral?.isWellFormed() === false) return undefined;
  const slots = new Map(frame.root.fields.map((f) => [f.name, f.slot as LeafSlot]));
  return {
    ...characters,
    nullLiteral: nullLiteral === undefined ? undefined : new TextEncoder().encode(nullLiteral),
    ignoreErrors,
    cells: record.map((f) => slots.get(f.name)),
  };
}

/** Bytes that end a cell without quotes, or need a second look in it. */
export const bareStops = ({ delimiter, escape }: CsvCharacters): number[] => [
  delimiter,
  newline,
  carriageReturn,
  ...(escape === undefined ? [] : [escape]),
];
