/* docs/schemas.md is run: files that it shows are written, and each command prints what the page says. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Workspace } from './process.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/schemas.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
  ([, language, file, text]) => ({
    language: language!,
    file,
    text: text!,
  }),
);
const work = new Workspace();
afterAll(async () => {
  await work.run(['services', 'down', 'registry']);
  work.close();
});

/** Commands with what they print; `…` stands for anything. */
function commands(text: string): { command: string; output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => ({
      command: part.slice(0, part.indexOf('\n')),
      output: part.slice(part.indexOf('\n') + 1),
    }));
}
const pattern = (output: string): RegExp =>
  new RegExp(
    `^${output
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

for (const { file, text } of blocks) if (file !== undefined) work.file(file, text);
const all = blocks.filter((block) => block.language === 'console').flatMap(({ text }) => commands(text));

test('the page has commands', () => expect(all.length).toBeGreaterThan(5));
test.each(all)('$command', { timeout: 120_000 }, async ({ command, output }) => {
  const { out, err } = await work.shell(command);
  expect(out, err).toMatch(pattern(output));
});
