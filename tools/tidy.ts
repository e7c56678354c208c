/* What a tool can check of the house's rules: who may import whom, how long files are, what must not be used where.
 * Prints each breach as file:line and what is wrong; fails when there is one. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allBreaks } from './sabotage/all.ts';
import { circles } from './tidy/circles.ts';
import { exceptions, recursiveFolders } from './tidy/exceptions.ts';

/** The only list of who may import whom. A cycle or a gap fails the build. */
export const mayImport = {
  base: [],
  wasm: ['base'],
  data: ['wasm', 'base'],
  sql: ['base'],
  host: ['base'],
  catalog: ['data', 'base'],
  expr: ['wasm', 'data', 'base'],
  state: ['data', 'base'],
  checkpoint: ['base', 'state'],
  job: ['catalog', 'expr', 'data', 'base'],
  formats: ['schemas', 'catalog', 'wasm', 'data', 'base'],
  plan: ['job', 'catalog', 'sql', 'expr', 'data', 'base'],
  dataflow: ['job', 'catalog', 'expr', 'state', 'data', 'base'],
  records: ['wasm', 'base'],
  kafka: ['base'],
  schemas: ['base'],
  registry: ['schemas', 'base'],
  broker: ['kafka', 'records', 'wasm', 'base'],
  connectors: [
    'dataflow',
    'formats',
    'registry',
    'schemas',
    'catalog',
    'records',
    'kafka',
    'wasm',
    'data',
    'base',
  ],
  engine: ['plan', 'sql', 'dataflow', 'checkpoint', 'job', 'catalog', 'expr', 'state', 'data', 'base'],
  flink: ['engine', 'sql', 'data', 'base'],
  quality: ['base'],
  contracts: ['quality', 'base'],
  alerts: ['contracts', 'quality', 'base'],
  testkit: ['engine', 'plan', 'sql', 'dataflow', 'job', 'catalog', 'expr', 'state', 'data', 'base'],
} as const satisfies Record<string, readonly string[]>;

const limits = { fileLines: 600, codeColumns: 120 };
/** Code without the text of its strings: a long message or statement is no long line. */
const withoutText = (line: string): string =>
  line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`?/g, "''");
/** Reaches out of the engine's world; only the host may. */
const worldly = /\b(Date\.now|Math\.random|setTimeout|setInterval|setImmediate)\s*\(/;

interface Breach {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const root = join(import.meta.dirname, '..');
const breaches: Breach[] = [];

function files(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((f) => /\.ts$/.test(f) && !f.includes('node_modules'))
      .map((f) => join(folder, f))
      .sort();
  } catch {
    return [];
  }
}

function check(file: string): void {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n');
  const owner = /^packages\/([^/]+)\/(src|test)\//.exec(file);
  const product = owner?.[2] === 'src' || /^apps\/[^/]+\/src\//.test(file);
  const breach = (line: number, message: string): void => {
    breaches.push({ file, line, message });
  };
  if (lines.length > limits.fileLines && !exceptions.has(file))
    breach(1, `${lines.length} lines, more than ${limits.fileLines}`);
  if (product && !/^(\/\*|\/\/|#!)/.test(text) && !file.endsWith('/index.ts'))
    breach(1, 'opens without saying what it does');
  lines.forEach((line, i) => {
    const at = i + 1;
    const width = withoutText(line).length;
    if (product && width > limits.codeColumns && !/^\s*(\*|\/\*|\/\/)/.test(line) && !exceptions.has(file))
      breach(at, `${width} columns of code, more than ${limits.codeColumns}`);
    if (/\b(TO[D]O|FIX[M]E|X{3})\b/.test(line)) breach(at, 'something left open');
    if (!product) return;
    if (worldly.test(line) && owner?.[1] !== 'host' && !exceptions.has(file))
      breach(at, 'time, chance and timers come from World');
    if (/^export default\b/.test(line)) breach(at, 'no default exports');
    if (/^(export )?(const )?enum\b/.test(line)) breach(at, 'no enums');
    if (/[:<]\s*any\b/.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) && !/['"`].*any.*['"`]/.test(line))
      breach(at, 'no any');
    checkImport(line, at, owner?.[1], owner?.[2], breach);
  });
}

function checkImport(
  line: string,
  at: number,
  owner: string | undefined,
  area: string | undefined,
  breach: (line: number, message: string) => void,
): void {
  const imported = /(?:from|import\()\s*'([^']+)'/.exec(line)?.[1];
  if (imported === undefined || owner === undefined || area !== 'src') return;
  const name = /^#(\w+)$/.exec(imported)?.[1];
  if (name !== undefined) {
    const allowed: readonly string[] | undefined = mayImport[owner as keyof typeof mayImport];
    if (allowed === undefined) breach(at, `the package ${owner} is not in mayImport`);
    else if (name === owner) breach(at, 'inside a package, import the file itself');
    else if (!allowed.includes(name)) breach(at, `${owner} may not import ${name}`);
  } else if (imported.startsWith('.') && !imported.endsWith('.ts')) breach(at, 'imports of files end in .ts');
}

/** Files under the folders that import each other in a circle, but where that is the nature of what they hold. */
function checkCircles(folders: readonly string[]): void {
  const all = folders.flatMap(files).filter((file) => !file.includes('/test/'));
  const imports = all.map((file): [string, string[]] => {
    const text = readFileSync(join(root, file), 'utf8');
    const targets = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)];
    return [file, targets.map((m) => join(file, '..', m[1]!))];
  });
  for (const circle of circles(new Map(imports))) {
    const recursive = [...recursiveFolders.keys()].some((folder) =>
      circle.every((file) => file.startsWith(folder)),
    );
    if (recursive) continue;
    const message = `imports run in a circle: ${circle.join(', ')}`;
    breaches.push({ file: circle[0]!, line: 1, message });
  }
}

/** What a mistake on purpose changes stands in its file once: else nobody knows whether a test would see it. */
function checkBreaks(): void {
  for (const { file, find, mistake } of allBreaks) {
    const times = readFileSync(join(root, file), 'utf8').split(find).length - 1;
    if (times !== 1)
      breaches.push({ file, line: 1, message: `the place of "${mistake}" is there ${times} times` });
  }
}

for (const folder of ['packages', 'apps', 'tools', 'tests', 'bench'])
  for (const file of files(folder)) check(file);
checkCircles(['packages', 'apps', 'tools', 'bench']);
checkBreaks();
for (const { file, line, message } of breaches) console.log(`${file}:${line} ${message}`);
console.log(`tidy: ${breaches.length} breach${breaches.length === 1 ? '' : 'es'}`);
process.exit(breaches.length > 0 ? 1 : 0);
