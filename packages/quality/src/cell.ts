/* A value of a checked table as results show it: numbers, text, ISO dates; lists and records of them. */

export type Cell =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Cell[]
  | { readonly [name: string]: Cell };

export type Json = Cell | undefined | readonly Json[] | { readonly [name: string]: Json };

/** Exact: a BIGINT keeps all its digits; NaN and infinities are strings. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => {
      if (typeof part === 'bigint')
        return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(`${part}`);
      return typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
    },
    indent,
  );
}

/** An order over all cells: null first, then by kind, numbers by value, text by code point. */
export function compareCells(a: Cell, b: Cell): number {
  const kinds = kindOf(a) - kindOf(b);
  if (kinds !== 0) return kinds;
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareCells(a[i] as Cell, b[i] as Cell);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (typeof a === 'object' && a !== null) return compareCells(Object.values(a), Object.values(b as object));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}
function kindOf(cell: Cell): number {
  if (cell === null) return 0;
  if (typeof cell === 'boolean') return 1;
  if (typeof cell === 'number' || typeof cell === 'bigint') return 2;
  return typeof cell === 'string' ? 3 : 4;
}

/** One text a value: what counting values uses as key. 1 and 1n are one value, 1 and '1' two. */
export const cellKey = (cell: Cell): string => jsonText(cell);

/** A number where that is exact, as it is up to 15 digits, else its text. */
export function decimalCell(text: string): Cell {
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '').length;
  return digits <= 15 ? Number(text) : text;
}
