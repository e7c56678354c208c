/* npm run protocol: the messages of Kafka's protocol as TypeScript, out of the definitions inside the kafka-clients jar.
 * Writes packages/kafka/src/messages; with --check only says whether what stands there is what would be written. */

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installKafka, kafkaMissing } from './kafka.ts';
import { apiFile, apiTable, type MessageDefinition } from './kafka/message-code.ts';
import { served } from './kafka/served.ts';
import { readJar } from './kafka/jar.ts';

const folder = new URL('../packages/kafka/src/messages/', import.meta.url).pathname;
const check = process.argv.includes('--check');

const missing = await kafkaMissing();
if (missing !== undefined) {
  console.error(`the message definitions come with Kafka: ${missing}`);
  process.exit(3);
}
const lib = await installKafka();
const jar = readdirSync(lib).find((name) => /^kafka-clients-.*\.jar$/.test(name))!;
const definitions = new Map<string, MessageDefinition>();
for (const [path, bytes] of readJar(readFileSync(join(lib, jar)))) {
  if (!/^common\/message\/\w+\.json$/.test(path)) continue;
  const definition = JSON.parse(withoutComments(bytes.toString('utf8'))) as MessageDefinition;
  definitions.set(definition.name, definition);
}

const files = new Map<string, string>();
const from = jar.replace(/\.jar$/, '');
for (const [name, versions] of Object.entries(served)) {
  const [request, response] = ['Request', 'Response'].map((side) => {
    const definition = definitions.get(`${name}${side}`);
    if (definition === undefined) throw new Error(`${from} has no message ${name}${side}`);
    return definition;
  });
  const { path, text } = apiFile(name, request!, response!, versions, from);
  files.set(path, text);
}
files.set('index.ts', apiTable(served, from));

format(files);
let changed = 0;
for (const [name, text] of files) {
  const path = join(folder, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  changed++;
  if (check) console.error(`${name} is not what the definitions give`);
  else {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
}
for (const name of existsSync(folder) ? readdirSync(folder) : []) {
  if (files.has(name)) continue;
  changed++;
  if (check) console.error(`${name} comes from no definition`);
  else rmSync(join(folder, name));
}
console.log(
  `${files.size} files of ${from}: ${changed === 0 ? 'all as they were' : `${changed} ${check ? 'differ' : 'written'}`}`,
);
if (check && changed > 0) process.exit(1);

/** As the house formats its code. */
function format(texts: Map<string, string>): void {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-messages-'));
  try {
    for (const [name, text] of texts) writeFileSync(join(scratch, name), text);
    const biome = new URL('../node_modules/.bin/biome', import.meta.url).pathname;
    const config = new URL('../biome.json', import.meta.url).pathname;
    writeFileSync(
      join(scratch, 'biome.json'),
      JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), vcs: undefined, files: undefined }),
    );
    execFileSync(biome, ['format', '--write', scratch], { cwd: scratch, stdio: 'ignore' });
    for (const name of texts.keys()) texts.set(name, readFileSync(join(scratch, name), 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The definitions are JSON with line comments, never inside a string. */
function withoutComments(text: string): string {
  return text.replaceAll(/^(\s*)\/\/.*$/gm, '').replaceAll(/\s\/\/[^"\n]*$/gm, '');
}
