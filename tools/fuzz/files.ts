/* Files as our engine writes and reads them: its sink with block encoders, its source with scanners. What it makes of a
 * table is held against the row encoder and the reference decoder, which are compared with Flink. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '#base';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';

const registry = new Map(connectors.map((descriptor) => [descriptor.name, descriptor]));

export class EngineFiles {
  readonly #engine = new Executor({ world: realWorld(), connectors: registry });

  async run(sql: string): Promise<void> {
    const execution = await this.#engine.execute(parseStatement(sql));
    if (execution.kind === 'job') await execution.job.done;
  }
  /** The bytes that a statement writes into the folder of its table, or its error. */
  async write(sql: string, folder: string): Promise<Buffer | { readonly error: string }> {
    mkdirSync(folder);
    try {
      await this.run(sql);
      return bytesOf(folder);
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      return { error: error.message };
    }
  }
  /** The cells of a query whose columns are all texts. */
  async read(sql: string): Promise<{ rows: (string | null)[][]; error?: string }> {
    const rows: (string | null)[][] = [];
    try {
      const execution = await this.#engine.execute(parseStatement(sql));
      if (execution.kind !== 'query') throw new Error(`not a query: ${sql}`);
      for (;;) {
        const changes = await execution.changes.next();
        if (changes === undefined) return { rows };
        for (const { row } of changes) rows.push(row as (string | null)[]);
      }
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      return { rows, error: error.message };
    }
  }
}

/** All files of a folder, one after the other. */
export function bytesOf(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
  return Buffer.concat(files.map((f) => readFileSync(join(f.parentPath, f.name))));
}
