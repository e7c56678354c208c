/* The interactive shell on a terminal of its own: prompt, statements, results, keys. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
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
const homes = mkdtempSync(join(tmpdir(), 'millrace-shell-'));
afterAll(() => {
  rmSync(homes, { recursive: true, force: true });
});
let homesMade = 0;
function newHome(): string {
  const home = join(homes, String(homesMade++));
  mkdirSync(home);
  return home;
}

async function shell(
  home = newHome(),
  rows = 50,
  env: Readonly<Record<string, string>> = {},
): Promise<PseudoTerminal> {
  const terminal = new PseudoTerminal(
    `'${process.execPath}' '${bin}' sql`,
    { HOME: home, PAGER: 'cat', ...env },
    rows,
  );
  open.push(terminal);
  await terminal.until(prompt);
  return terminal;
}
/** Types a line and returns all that came up to the next prompt. */
async function enter(terminal: PseudoTerminal, line: string): Promise<string> {
  terminal.type(`${line}${keys.enter}`);
  return await terminal.until(`\n${prompt}`);
}
const until = (ms: number): Promise<void> =>
  new Promise((later) => {
    setTimeout(later, ms);
  });
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

  test(
    'a result of 200,000 rows is shown whole',
    async () => {
      const terminal = await shell();
      await enter(
        terminal,
        "CREATE TABLE many (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '200000', 'rows-per-second' = '1000000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '200000');",
      );
      const answer = await enter(terminal, 'SELECT n FROM many;');
      expect(answer).toContain('200000 rows in set');
      expect(answer).toMatch(/\|\s+1 \|/);
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'a comment does not trap; help and commands work at every prompt',
    async () => {
      const terminal = await shell();
      await enter(terminal, numbers);
      await enter(terminal, '-- nothing but a comment');
      expect(await enter(terminal, 'SELECT 1 AS one; -- behind it')).toContain('1 row in set');
      terminal.type(`SELECT 40 +${keys.enter}`);
      await terminal.until('\n       -> ');
      terminal.type(`\\dt${keys.enter}`);
      expect(await terminal.until('\n       -> ')).toContain('| numbers');
      terminal.type(`help${keys.enter}`);
      expect(await terminal.until('\n       -> ')).toContain('\\timing');
      expect(await enter(terminal, '2 AS answer;')).toContain('42');
      expect(await enter(terminal, '\\d numbers')).toContain('BIGINT');
      expect(await enter(terminal, '.schema numbers')).toContain('CREATE TABLE');
      expect(await enter(terminal, '.tables')).toContain('numbers');
      expect(await enter(terminal, '\\df substr')).toContain('SUBSTRING');
      const windows = await enter(terminal, '\\df tumble');
      expect(windows).toContain('TUMBLE(TABLE t, DESCRIPTOR(time), size[, offset]) |');
      expect(windows).toContain('| TUMBLE_START');
      expect(await enter(terminal, '\\df sum')).toContain('SUM(a number)');
      expect(await enter(terminal, "SHOW FUNCTIONS LIKE 'hop%';")).toContain('| hop_rowtime');
      expect(await enter(terminal, '\\x')).toContain('vertical');
      expect(await enter(terminal, 'SELECT 1 AS one, 2 AS second;')).toContain('second | 2');
      expect(await enter(terminal, '\\timing')).toContain('timing is on');
      expect(await enter(terminal, 'SELECT 1 AS one;')).toMatch(/Time: \d/);
      expect(await enter(terminal, '\\nonsense')).toContain('there is no command \\nonsense');
      terminal.type(`\\q${keys.enter}`);
      expect(await terminal.exit()).toBe(0);
    },
    testMsMax,
  );

  test(
    'a statement of several lines is one entry of the history, and Ctrl-R finds it',
    async () => {
      const home = newHome();
      const terminal = await shell(home);
      terminal.type(`SELECT 40 + 2 -- the sum${keys.enter}`);
      await terminal.until('\n       -> ');
      await enter(terminal, 'AS answer;');
      await enter(terminal, 'SELECT 5 AS five;');
      terminal.type(keys.ctrlR);
      await terminal.until("(reverse-i-search)`': ");
      terminal.type('answ');
      await terminal.until("(reverse-i-search)`answ': SELECT 40 + 2 /* the sum */ AS answer;");
      expect(await enter(terminal, '')).toContain('42');
      await leave(terminal);
      const history = readFileSync(join(home, '.millrace', 'history'), 'utf8')
        .trim()
        .split('\n');
      expect(history).toEqual(['SELECT 5 AS five;', 'SELECT 40 + 2 /* the sum */ AS answer;']);
    },
    testMsMax,
  );

  test(
    'TAB completes connectors, their options and values, settings, and shows what a function takes',
    async () => {
      const terminal = await shell();
      terminal.type(`CREATE TABLE t (a INT) WITH ('connec${keys.tab}`);
      await terminal.until("'connector'");
      terminal.type(` = 'filesy${keys.tab}`);
      await terminal.until("'filesystem'");
      terminal.type(`, 'pat${keys.tab}`);
      await terminal.until("'path");
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      terminal.type(`SET 'table.local${keys.tab}`);
      await terminal.until("'table.local-time-zone'");
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      terminal.type(`SELECT LPAD(${keys.tab}`);
      await terminal.until('LPAD(STRING, INT, STRING)');
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      // Windows and aggregates are functions to whoever types them.
      terminal.type(`SELECT * FROM TABLE(CUMU${keys.tab}`);
      await terminal.until('CUMULATE(');
      terminal.type(keys.tab);
      await terminal.until('CUMULATE(TABLE t, DESCRIPTOR(time), step, size[, offset])');
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      terminal.type(`SELECT LISTAGG(${keys.tab}`);
      await terminal.until('LISTAGG(text and a separator)');
      terminal.type(keys.ctrlC);
      await terminal.until(`\n${prompt}`);
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'results go into files: \\g for one, \\o for all until it is closed',
    async () => {
      const home = newHome();
      const terminal = await shell(home);
      await enter(terminal, `SELECT 1 AS one \\g ${home}/one.csv`);
      expect(readFileSync(join(home, 'one.csv'), 'utf8')).toBe('one\n1\n');
      terminal.type(`SELECT 2 AS two${keys.enter}`);
      await terminal.until('\n       -> ');
      await enter(terminal, `\\g ${home}/two.csv`);
      expect(readFileSync(join(home, 'two.csv'), 'utf8')).toBe('two\n2\n');
      expect(await enter(terminal, '\\g')).toContain('|   2 |');
      expect(await enter(terminal, '\\i nowhere.sql')).toContain('CLI1003: there is no file nowhere.sql');
      await enter(terminal, `\\o ${home}/all.json`);
      await enter(terminal, 'SELECT 1 AS one;');
      await enter(terminal, 'SELECT 2 AS two;');
      await enter(terminal, '\\o');
      expect(readFileSync(join(home, 'all.json'), 'utf8')).toBe('{"one":1}\n{"two":2}\n');
      expect(await enter(terminal, 'SELECT 3 AS three;')).toContain('three');
      expect(await enter(terminal, '\\o /nowhere/at/all')).toContain('cannot be written');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'a running table is marked, keeps its rows in place, and is shown once after Ctrl-C',
    async () => {
      const terminal = await shell();
      await enter(terminal, numbers);
      terminal.type(
        `SELECT MOD(whole, 3) AS k, COUNT(*) AS n FROM numbers GROUP BY MOD(whole, 3);${keys.enter}`,
      );
      for (let draws = 0; draws < 4; draws++) await terminal.until('Ctrl-C ends it');
      expect(await terminal.until('Ctrl-C ends it')).toMatch(/running · \d+ rows read/);
      terminal.type(keys.ctrlC);
      const end = await terminal.until(`\n${prompt}`);
      const tables = end.replaceAll('\r', '').split('+---+');
      expect(end.match(/rows in set\r?\n/g)).toHaveLength(1);
      const keysShown = [...(tables.at(-2) ?? '').matchAll(/\|\s+(\d) \|/g)].map((m) => m[1]);
      expect(keysShown).toEqual(['1', '2', '0']);
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'Ctrl-C ends what waits for a database before it begins',
    async () => {
      const terminal = await shell();
      await enter(
        terminal,
        "CREATE TABLE away (id BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://127.0.0.1:1/x', 'username' = 'u', 'table-name' = 't');",
      );
      for (const [statement, end] of [
        ['INSERT INTO away VALUES (1);', 'job insert-into_away was canceled before it began'],
        ['SELECT * FROM away;', 'the query was canceled before it began'],
      ] as const) {
        terminal.type(`${statement}${keys.enter}`);
        await terminal.until('ECONNREFUSED 127.0.0.1:1; trying again');
        terminal.type(keys.ctrlC);
        expect(await terminal.until(`\n${prompt}`)).toContain(end);
      }
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'what is longer than the screen goes through the pager',
    async () => {
      const home = newHome();
      const terminal = await shell(home, 12, { PAGER: `cat > ${home}/paged` });
      expect(await enter(terminal, 'SELECT 1 AS one;')).toContain('1 row in set');
      expect(existsSync(join(home, 'paged'))).toBe(false);
      await enter(terminal, '\\df');
      expect(readFileSync(join(home, 'paged'), 'utf8').split('\n').length).toBeGreaterThan(100);
      expect(await enter(terminal, 'SELECT 2 AS two;')).toContain('1 row in set');
      await leave(terminal);
    },
    testMsMax,
  );

  const insert = (home: string): string =>
    `CREATE TABLE kept (whole BIGINT) WITH ('connector' = 'filesystem', 'path' = '${home}/kept', 'format' = 'csv'); INSERT INTO kept SELECT whole FROM numbers;`;
  const keptRows = (home: string): number[] =>
    readdirSync(join(home, 'kept'))
      .filter((f) => !f.startsWith('.'))
      .flatMap((f) =>
        readFileSync(join(home, 'kept', f), 'utf8')
          .trim()
          .split('\n')
          .map(Number),
      );

  test(
    'STOP JOB ends an INSERT and gives what was flushed; SHOW JOBS knows it',
    async () => {
      const home = newHome();
      const terminal = await shell(home);
      await enter(terminal, numbers);
      terminal.type(insert(home) + keys.enter);
      await terminal.until("STOP JOB 'insert-into_kept' ends it");
      await terminal.until(prompt);
      expect(await enter(terminal, 'SHOW JOBS;')).toMatch(/insert-into_kept\s+\| RUNNING/);
      expect(await enter(terminal, "STOP JOB 'insert-into_kep';")).toContain(
        'Did you mean "insert-into_kept"?',
      );
      expect(await enter(terminal, "STOP JOB 'insert-into_kept';")).toContain('rows flushed');
      expect(keptRows(home).length).toBeGreaterThan(0);
      await leave(terminal);
    },
    testMsMax,
  );

  test.each(['quit', 'a closed terminal'])(
    '%s with an INSERT that runs: what it read is written',
    async (how) => {
      const home = newHome();
      const terminal = await shell(home);
      await enter(terminal, numbers);
      terminal.type(insert(home) + keys.enter);
      await terminal.until('ends it');
      await terminal.until(prompt);
      await until(1500);
      if (how === 'quit') {
        terminal.type(`quit${keys.enter}`);
        await terminal.until('stopping the job insert-into_kept');
        await terminal.until('rows were written and flushed');
        expect(await terminal.exit()).toBe(0);
      } else {
        terminal.close();
        await expect
          .poll(() => existsSync(join(home, 'kept')) && keptRows(home).length, { timeout: 20_000 })
          .toBeTruthy();
      }
      const rows = keptRows(home);
      expect(rows.length).toBeGreaterThan(10);
      expect(rows).toEqual(rows.map((_, i) => i + 1));
    },
    testMsMax,
  );

  test(
    'a job that dies is reported at the prompt, and one that ends too',
    async () => {
      const terminal = await shell();
      await enter(terminal, numbers);
      await enter(terminal, "CREATE TABLE hole (n BIGINT) WITH ('connector' = 'blackhole');");
      terminal.type(`INSERT INTO hole SELECT whole / (whole - 5) FROM numbers;${keys.enter}`);
      await terminal.until('job insert-into_hole failed:');
      await terminal.until('ivision by zero');
      terminal.type(`INSERT INTO hole VALUES (1), (2);${keys.enter}`);
      await terminal.until('job insert-into_hole finished: 2 rows written');
      await leave(terminal);
    },
    testMsMax,
  );

  test(
    'what is typed is coloured, unless NO_COLOR is set',
    async () => {
      for (const [env, colored] of [
        [{ NO_COLOR: '' }, true],
        [{ NO_COLOR: '1' }, false],
      ] as const) {
        const terminal = await shell(newHome(), 50, env);
        await enter(terminal, "SELECT 'text' AS t;");
        expect(terminal.raw.includes("\u001b[32m'text'"), JSON.stringify(env)).toBe(colored);
        await leave(terminal);
      }
    },
    testMsMax,
  );
});
