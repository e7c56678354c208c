/* The interactive shell on a terminal of its own: prompt, statements, results, keys. */

import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { keys, PseudoTerminal, terminalMissing } from './pseudo-terminal.ts';

const bin = join(import.meta.dirname, '../bin/millrace.js');
const missing = terminalMissing();
const testMsMax = 120_000;
const prompt = 'millrace> ';
const numbers = `CREATE TABLE numbers (whole BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '50', 'fields.whole.kind' = 'sequence', 'fields.whole.start' = '1', 'fields.whole.end' = '1000000');`;

let open: PseudoTerminal[] = [];
afterEach(() => {
  for (const terminal of open) terminal.kill();
  open = [];
});
const newHome = (): string => mkdtempSync(join(tmpdir(), 'millrace-shell-'));

async function shell(home = newHome(), rows = 50): Promise<PseudoTerminal> {
  const terminal = new PseudoTerminal(`'${process.execPath}' '${bin}' sql`, { HOME: home }, rows);
  open.push(terminal);
  await terminal.until(prompt);
  return terminal;
}
/** Types a line and returns all that came up to the next prompt. */
async function enter(terminal: PseudoTerminal, line: string): Promise<string> {
  terminal.type(`${line}${keys.enter}`);
  return await terminal.until(`\n${prompt}`);
}
async function leave(terminal: PseudoTerminal): Promise<void> {
  terminal.type(keys.ctrlD);
  expect(await terminal.exit()).toBe(0);
}

describe.skipIf(missing !== undefined)(`the shell${missing === undefined ? '' : ` (${missing})`}`, () => {
  test(
    'a statement over several lines; a bounded query prints its table; Ctrl-D leaves with 0',
    async () => {
      const terminal = await shell();
      terminal.type(`SELECT a, b${keys.enter}`);
      await terminal.until('\n       -> ');
      const answer = await enter(terminal, "FROM (VALUES (1, 'x'), (20, NULL)) AS t (a, b);");
      expect(answer.replaceAll('\r', '')).toContain(
        '+----+--------+\n|  a | b      |\n+----+--------+\n|  1 | x      |\n| 20 | <NULL> |\n+----+--------+\n2 rows in set\n',
      );
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'an error shows its code, place and hint, and the shell goes on',
    async () => {
      const terminal = await shell();
      const wrong = (await enter(terminal, 'SELECT pag FROM (VALUES (1)) AS t (page);')).replaceAll('\r', '');
      expect(wrong).toContain('SQL1004 at 1:8: no column "pag" in "t"');
      expect(wrong).toContain('\n         ^^^\n');
      expect(wrong).toContain('Did you mean "page"?');
      expect(await enter(terminal, 'SELECT 40 + 2 AS answer;')).toContain('|     42 |');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'an unbounded query updates until Ctrl-C, and the shell goes on',
    async () => {
      const terminal = await shell();
      expect(await enter(terminal, numbers)).toContain('[INFO] done');
      terminal.type(`SELECT COUNT(*) AS n, MAX(whole) AS m FROM numbers;${keys.enter}`);
      // Drawn many times, each time in place of the last.
      for (let draws = 0; draws < 4; draws++) await terminal.until('1 row in set');
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      expect(await enter(terminal, 'SELECT 40 + 2 AS answer;')).toContain('|     42 |');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'a table that grows past the screen is drawn by its newest rows, and whole in the end',
    async () => {
      const terminal = await shell(newHome(), 12);
      await enter(terminal, numbers.replace("'50'", "'500'"));
      terminal.type(`SELECT whole FROM numbers;${keys.enter}`);
      await terminal.until('(the last of ');
      // What is drawn over must still be on the screen: its lines, and the one that the cursor is on.
      const drawn = (await terminal.until('(the last of ')).split('\n').slice(1);
      expect(drawn.length + 1).toBe(12);
      terminal.type(keys.ctrlC);
      const whole = await terminal.until(`\n${prompt}`);
      expect(whole).toMatch(/\|\s+1 \|\r+\n/);
      expect(whole).toMatch(/\d+ rows in set\r+\nmillrace> $/);
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'Ctrl-D while a query runs ends it and leaves',
    async () => {
      const terminal = await shell();
      await enter(terminal, numbers);
      terminal.type(`SELECT MAX(whole) AS m FROM numbers;${keys.enter}`);
      await terminal.until('1 row in set');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'Ctrl-C clears what was typed: the line, and the lines before it',
    async () => {
      const terminal = await shell();
      terminal.type('SELECT nonsense');
      await terminal.until('SELECT nonsense');
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      expect(await enter(terminal, 'SELECT 4 + 2 AS answer;')).toContain('|      6 |');
      terminal.type(`SELECT more${keys.enter}`);
      await terminal.until('\n       -> ');
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      expect(await enter(terminal, 'SELECT 40 + 2 AS answer;')).toContain('|     42 |');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'TAB completes keywords in their case, tables and columns',
    async () => {
      const terminal = await shell();
      await enter(terminal, numbers.replace("'1000000'", "'1'"));
      terminal.type(`sel${keys.tab}`);
      await terminal.until('select');
      terminal.type(` who${keys.tab}`);
      await terminal.until('whole');
      terminal.type(` FRO${keys.tab}`);
      await terminal.until('FROM');
      terminal.type(` numb${keys.tab}`);
      await terminal.until('numbers');
      expect(await enter(terminal, ';')).toContain('|     1 |');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'the arrow up brings the last line back, in the next shell too',
    async () => {
      const home = newHome();
      const first = await shell(home);
      expect(await enter(first, 'SELECT 40 + 2 AS answer;')).toContain('|     42 |');
      first.type(keys.up);
      await first.until('SELECT 40 + 2 AS answer;');
      expect(await enter(first, '')).toContain('|     42 |');
      await leave(first);
      const second = await shell(home);
      second.type(keys.up);
      await second.until('SELECT 40 + 2 AS answer;');
      expect(await enter(second, '')).toContain('|     42 |');
      second.type(`quit${keys.enter}`);
      expect(await second.exit()).toBe(0);
      const file = join(home, '.millrace', 'history');
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file, 'utf8').split('\n')).toContain('SELECT 40 + 2 AS answer;');
    },
    testMsMax,
  );
});
