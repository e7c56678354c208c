/* DuckDB, an optional peer: loaded on use. */

import { UserError } from '#base';

export type DuckDB = typeof import('@duckdb/node-api');

/** Throws QLT1001 when it is not installed. */
export async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new UserError('QLT1001', {
      message: 'checking files needs DuckDB, which is not installed',
      hint: 'npm install @duckdb/node-api@1.5.6-r.1',
      cause,
    });
  }
}
