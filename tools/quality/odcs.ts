/* The Open Data Contract Standard's own JSON Schema: it comes with its Python package, which pip brings into .cache. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = '3.2.0';
const home = join(import.meta.dirname, '..', '..', '.cache', `odcs-${version}`);
const schemaFile = join(home, 'open_data_contract_standard', 'schema.json');
const installMsMax = 100_000;

/** The file of the schema, or why there is none. */
export async function odcsSchema(): Promise<{ readonly file: string } | { readonly missing: string }> {
  if (existsSync(schemaFile)) return { file: schemaFile };
  mkdirSync(home, { recursive: true });
  const args = ['install', '-q', '--no-deps', '--target', home, `open-data-contract-standard==${version}`];
  try {
    await run('pip', args, { timeout: installMsMax });
    return { file: schemaFile };
  } catch {
    return { missing: 'the schema of the standard needs pip' };
  }
}
