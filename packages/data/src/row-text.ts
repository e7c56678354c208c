/* A row as people read it in a message: cells as JSON, cut where it is long. */

import type { Row } from './values.ts';

/** Characters of a row in a message. */
const shownMax = 200;

export function rowText(row: Row): string {
  const cells = row.map((value) =>
    JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v)),
  );
  const text = `(${cells.join(', ')})`;
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}
