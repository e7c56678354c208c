/* Which relation of DuckDB a file is, by the end of its name.
 *
 *   *.parquet                 read where it lies, as columns
 *   *.csv *.tsv *.json[l] …   copied once into a table on disk: its queries would read the text again each time
 *   *.duckdb                  attached read-only */

import { nearest, UserError } from '#base';
import { quotedText } from '../dialect/dialect.ts';

export interface FileSource {
  readonly kind: 'parquet' | 'text' | 'database';
  /** SQL of a relation with all rows. For a database file: undefined. */
  readonly relation: string;
}

const readers: Readonly<Record<string, (path: string) => FileSource>> = {
  parquet: (path) => ({ kind: 'parquet', relation: `read_parquet(${path})` }),
  csv: (path) => ({ kind: 'text', relation: `read_csv(${path}, sample_size = -1)` }),
  tsv: (path) => ({ kind: 'text', relation: `read_csv(${path}, delim = '\t', sample_size = -1)` }),
  json: (path) => ({ kind: 'text', relation: `read_json(${path})` }),
  jsonl: (path) => ({ kind: 'text', relation: `read_json(${path}, format = 'newline_delimited')` }),
  ndjson: (path) => ({ kind: 'text', relation: `read_json(${path}, format = 'newline_delimited')` }),
  duckdb: () => ({ kind: 'database', relation: '' }),
  ddb: () => ({ kind: 'database', relation: '' }),
};

/** Throws QLT1003 for a name that ends otherwise. */
export function fileSource(path: string): FileSource {
  const end = /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const reader = readers[end];
  if (reader !== undefined) return reader(quotedText(path));
  const meant = nearest(end, Object.keys(readers));
  throw new UserError('QLT1003', {
    message: `${path}: of which format is it? Its name ends in none of ${Object.keys(readers)
      .map((r) => `.${r}`)
      .join(' ')}`,
    hint: meant === undefined ? 'A name may end in .gz or .zst behind that.' : `Did you mean .${meant}?`,
  });
}
