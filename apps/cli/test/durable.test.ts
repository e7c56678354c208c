/* Jobs that outlive their process: killed, stopped and started again, asked and ended from another process. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { counting, csvTable, Workspace, type Running } from './process.ts';

const work = new Workspace();
afterAll(() => {
  work.close();
});
const every = (interval: string): string => `SET 'execution.checkpointing.interval' = '${interval}';\n`;

/** Lines of all visible files below a folder. */
function lines(folder: string): string[] {
  return readdirSync(join(work.folder, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && !e.name.startsWith('.') && !e.name.startsWith('_'))
    .flatMap((e) => readFileSync(join(e.parentPath, e.name), 'utf8').split('\n').slice(0, -1));
}
const numbersTo = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i + 1));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the job has two whole checkpoints more than now. */
async function checkpointed(job: string): Promise<void> {
  const newest = (): number => work.checkpoints(job).at(-1) ?? 0;
  const before = newest();
  await expect.poll(newest, { timeout: 30_000 }).toBeGreaterThan(before + 1);
}

describe('a job that is killed', () => {
  test('five times: each row is in the files once', async () => {
    // Eight seconds of rows: more than the job runs until the last kill.
    const rows = 40_000;
    const file = work.file(
      'killed.sql',
      `${every('100 ms')}${counting('src', { rate: 5000, rows })}${csvTable('kept', 'id BIGINT')}INSERT INTO kept SELECT id FROM src WHERE id > 0;`,
    );
    let resumed = 0;
    for (let kill = 0; kill < 5; kill++) {
      const running = work.start(['run', file]);
      await checkpointed('killed/kept');
      await sleep(kill * 60);
      running.child.kill('SIGKILL');
      const { err } = await running.end();
      if (err.includes('killed/kept goes on from checkpoint')) resumed++;
    }
    const { code, err } = await work.run(['run', file]);
    expect(code, err).toBe(0);
    expect(resumed).toBe(4);
    expect(lines('kept').sort((a, b) => Number(a) - Number(b))).toEqual(numbersTo(rows));
  }, 120_000);

  test('each row is written, or a dead letter, once', async () => {
    const rows = 12_000;
    const source = counting('src', { rate: 4000, rows })
      .replace('id BIGINT', 'id BIGINT, q AS 100 / MOD(id, 10)')
      .replace("'connector'", "'millrace.on-error' = 'dead-letter', 'connector'");
    const file = work.file(
      'letters.sql',
      `${every('100 ms')}${source}${csvTable('divided', 'id BIGINT')}INSERT INTO divided SELECT id FROM src WHERE q > 0;`,
    );
    for (let kill = 0; kill < 2; kill++) {
      const running = work.start(['run', file]);
      await checkpointed('letters/divided');
      running.child.kill('SIGKILL');
      await running.end();
    }
    const { code, err } = await work.run(['run', file]);
    expect(code, err).toBe(0);
    const dead = lines('.millrace/dlq/src').map((line) => {
      const { value } = JSON.parse(line) as { readonly value: string };
      return String((JSON.parse(Buffer.from(value, 'base64').toString()) as { readonly id: number }).id);
    });
    expect(dead).toHaveLength(rows / 10);
    const all = [...lines('divided'), ...dead].sort((a, b) => Number(a) - Number(b));
    expect(all).toEqual(numbersTo(rows));
  }, 120_000);

  test('keeps the counts of its groups', async () => {
    const file = work.file(
      'groups.sql',
      `${every('100 ms')}${counting('src', { rate: 4000, rows: 24_000 })}CREATE TABLE counted (k BIGINT, n BIGINT, s BIGINT) WITH ('connector' = 'print');
INSERT INTO counted SELECT MOD(id, 3), COUNT(*), SUM(id) FROM src GROUP BY MOD(id, 3);`,
    );
    for (let kill = 0; kill < 2; kill++) {
      const running = work.start(['run', file]);
      await checkpointed('groups/counted');
      running.child.kill('SIGKILL');
      await running.end();
    }
    const { out, err } = await work.run(['run', file]);
    expect(err).toContain('goes on from checkpoint');
    const last = new Map(
      [...out.matchAll(/\+[UI]\[(\d), (\d+), (\d+)\]/g)].map(([, k, n, s]) => [k, `${n} ${s}`]),
    );
    expect(Object.fromEntries(last)).toEqual({
      0: '8000 96012000',
      1: '8000 95996000',
      2: '8000 96004000',
    });
  }, 60_000);
});

describe('a job that is stopped', () => {
  const source = `${every('10 min')}${counting('src', { rate: 2000, rows: 4000 })}`;
  test('goes on where it was, and starts anew once it has finished', async () => {
    const file = work.file(
      'again.sql',
      `${source}${csvTable('again_out', 'id BIGINT')}CREATE TABLE p (id BIGINT) WITH ('connector' = 'print'); INSERT INTO again_out SELECT id FROM src; INSERT INTO p SELECT id FROM src;`,
    );
    const running = work.start(['run', file]);
    await running.until(({ out }) => out.includes('+I[1]'));
    running.child.kill('SIGTERM');
    const stopped = await running.end();
    expect(stopped.code, stopped.err).toBe(130);
    expect(stopped.err).toContain('Its state is kept in .millrace/state/again%2Fagain_out');
    // What was written is seen, though no checkpoint was due.
    const before = lines('again_out').length;
    expect(before).toBeGreaterThan(0);
    const second = await work.run(['run', file]);
    expect(second.err).toMatch(
      /again\/again_out goes on from checkpoint 1, taken \d\d:\d\d:\d\d UTC, .* ago/,
    );
    expect(lines('again_out').sort((a, b) => Number(a) - Number(b))).toEqual(numbersTo(4000));
    const third = await work.run(['run', file]);
    expect(third.err).not.toContain('goes on from');
    expect(lines('again_out')).toHaveLength(8000);
  }, 60_000);

  test('a changed file is refused; --fresh begins anew', async () => {
    const text = (condition: string): string =>
      `${every('100 ms')}${counting('src', { rate: 500, rows: 5000 })}${csvTable('changed_out', 'id BIGINT')}INSERT INTO changed_out SELECT id FROM src WHERE ${condition};`;
    const file = work.file('changed.sql', text('id > 0'));
    const running = work.start(['run', file]);
    await checkpointed('changed/changed_out');
    running.child.kill('SIGTERM');
    await running.end();
    work.file('changed.sql', text('id > 1'));
    const refused = await work.run(['run', file]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("CHK1001: the job 'changed/changed_out' is not what wrote checkpoint");
    expect(refused.err).toContain('--fresh forgets the state');
    const fresh = await work.run(['run', file, '--fresh']);
    expect(fresh.code, fresh.err).toBe(0);
    expect(fresh.err).not.toContain('goes on from');
  }, 60_000);
});

describe('checkpoints that were damaged', () => {
  test('the one before is used, and it is told; none left is an error', async () => {
    const file = work.file(
      'damaged.sql',
      `${every('200 ms')}${counting('src', { rate: 1000 })}CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'blackhole'); INSERT INTO nowhere SELECT id FROM src;`,
    );
    const running = work.start(['run', file]);
    await checkpointed('damaged/nowhere');
    running.child.kill('SIGKILL');
    await running.end();
    const folder = join(work.folder, '.millrace/state/damaged%2Fnowhere');
    // The kill may have left one that is not whole.
    const names = (): string[] => readdirSync(folder).filter((n) => n.startsWith('chk-'));
    const epochs = work.checkpoints('damaged/nowhere');
    expect(epochs.length).toBeGreaterThan(1);
    const newest = join(folder, `chk-${epochs.at(-1)}`, 'blocks');
    writeFileSync(newest, readFileSync(newest).subarray(1));
    const second = work.start(['run', file]);
    await second.until(({ err }) => /goes on from checkpoint/.test(err));
    expect(second.err).toMatch(/chk-\d+\/blocks cannot be used: .* The checkpoint before it, \d+, is used\./);
    second.child.kill('SIGKILL');
    await second.end();
    for (const name of names()) writeFileSync(join(folder, name, '_metadata'), 'x');
    const third = await work.run(['run', file]);
    expect(third.code).toBe(3);
    expect(third.err).toContain("CHK2002: no checkpoint of the job 'damaged/nowhere' can be used");
  }, 60_000);
});

describe('millrace jobs', () => {
  const file = work.file(
    'asked.sql',
    `${every('200 ms')}${counting('src', { rate: 500 })}CREATE TABLE a (id BIGINT) WITH ('connector' = 'blackhole'); CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO a SELECT id FROM src; INSERT INTO b SELECT id FROM src;`,
  );
  const started = async (): Promise<Running> => {
    const running = work.start(['run', file]);
    await expect
      .poll(async () => (await work.run(['jobs', 'list'])).out, { timeout: 30_000 })
      .toMatch(/asked\/a · running .* checkpoint .*\nasked\/b · running .* checkpoint /);
    return running;
  };
  test('lists, shows, stops and cancels; two processes do not run one job', async () => {
    const nothing = await work.run(['jobs', 'list', '--state-dir', 'empty']);
    expect(nothing).toMatchObject({ code: 0, out: 'no job keeps its state in empty\n' });
    const running = await started();
    const list = await work.run(['jobs', 'list']);
    expect(list.out).toMatch(
      /^asked\/a · running by process \d+ · [\d,]+ rows in, [\d,]+ out · checkpoint \d+ .* ago\n/,
    );
    const show = await work.run(['jobs', 'show', 'asked/a']);
    expect(show.out).toMatch(/ {2}checkpoint \d+: .* in /);
    expect(show.out).toMatch(/ {2}TableSourceScan\(table=\[src\], .*: [\d,]+ in/);
    expect(await work.run(['jobs', 'show', 'other'])).toMatchObject({ code: 2 });
    const watermarks = await work.run(['jobs', 'show', 'asked/a', '--watermarks']);
    expect(watermarks.out).toMatch(
      /^Sink\(table=\[a\].* has no watermark yet: TableSourceScan\(.*\) makes no watermarks\n/,
    );
    const second = await work.run(['run', file]);
    expect(second.code).toBe(2);
    expect(second.err).toMatch(/CHK1002: the job 'asked\/a' runs already, by process \d+/);
    const stopped = await work.run(['jobs', 'stop', 'asked/a']);
    expect(stopped.out).toMatch(/^asked\/a · stopped by process/);
    expect(running.child.exitCode).toBe(null);
    expect(await work.run(['jobs', 'stop', 'asked/a'])).toMatchObject({ code: 2 });
    const canceled = await work.run(['jobs', 'cancel', 'asked/b']);
    expect(canceled.out).toMatch(/^asked\/b · canceled by process/);
    const { code, err } = await running.end();
    expect(code, err).toBe(0);
    const after = await work.run(['jobs', 'list']);
    expect(after.out).toMatch(/asked\/a · not running · checkpoint \d+/);
  }, 60_000);
});

describe('savepoints', () => {
  const text = (columns: string, select: string): string =>
    `${every('10 min')}${counting('src', { rate: 2000 })}CREATE TABLE totals (${columns}) WITH ('connector' = 'print');
INSERT INTO totals SELECT MOD(id, 2), ${select} FROM src GROUP BY MOD(id, 2);`;
  const old = work.file('sp.sql', text('k BIGINT, n BIGINT', 'COUNT(*)'));
  test('are taken of a running job, end another, and are taken up by a query that changed', async () => {
    const running = work.start(['run', old]);
    await running.until(({ out }) => out.includes('+U[1, 100]'));
    const taken = await work.run(['jobs', 'savepoint', 'sp/totals', 'points']);
    expect(taken.out).toMatch(/points\/savepoint-[0-9a-f]{16}\n$/);
    await running.until(({ out }) => out.includes('+U[1, 2000]'));
    const stopped = await work.run(['jobs', 'stop', 'sp/totals', '--savepoint', 'points', '--json']);
    const { savepoint, state } = JSON.parse(stopped.out) as { savepoint: string; state: string };
    expect(state).toBe('stopped');
    const { code, out } = await running.end();
    expect(code).toBe(0);
    const last = Number([...out.matchAll(/\+U\[1, (\d+)\]/g)].at(-1)![1]);

    const shown = await work.run(['state', savepoint]);
    expect(shown.out).toMatch(/^savepoint \d+ of the job 'sp\/totals'/);
    expect(shown.out).toContain('COUNT(*) f64');

    const changed = work.file(
      'changed-sp.sql',
      text('k BIGINT, n BIGINT, s BIGINT', 'COUNT(*), SUM(id)').replace(' GROUP', ' WHERE id > 0 GROUP'),
    );
    const explained = await work.run(['explain', changed, '--from-savepoint', savepoint]);
    expect(explained.out).toMatch(
      /== Savepoint ==\nkept: .*\nkept: GroupAggregate.* but new groups\.SUM\(id\)/s,
    );
    const next = work.start(['run', changed, '--name', 'sp/totals', '--from-savepoint', savepoint]);
    await next.until((r) => r.out.includes('+U[1, '));
    next.child.kill('SIGTERM');
    const went = await next.end();
    expect(went.err).toContain(`sp/totals goes on from the savepoint ${savepoint}`);
    // The first change of the group goes on from the count that the savepoint holds.
    const change = /-U\[1, (\d+), null\]\n\+U\[1, (\d+), (\d+)\]/.exec(went.out);
    expect(change?.slice(1, 3), went.out.slice(0, 300)).toEqual([String(last), String(last + 1)]);

    // What it has no place for is refused, unless it is let go.
    const other = work.file(
      'other.sql',
      `${every('10 min')}${counting('src', { rows: 10 })}CREATE TABLE totals (n BIGINT) WITH ('connector' = 'print'); INSERT INTO totals SELECT id FROM src;`,
    );
    const refused = await work.run(['run', other, '--name', 'o/totals', '--from-savepoint', savepoint]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      'CHK1003: the savepoint has state that the query has no place for: totals/group-aggregate',
    );
    expect(refused.err).toContain('--allow-non-restored-state drops the rest');
    expect(await work.run(['run', other, '--from-savepoint', 'nowhere'])).toMatchObject({ code: 2 });

    // Of several jobs none has its name: nothing starts.
    const several = work.file(
      'several.sql',
      `${counting('src', { rows: 10 })}CREATE TABLE a (n BIGINT) WITH ('connector' = 'print'); CREATE TABLE b (n BIGINT) WITH ('connector' = 'print'); INSERT INTO a SELECT id FROM src; INSERT INTO b SELECT id FROM src;`,
    );
    const unnamed = await work.run(['run', several, '--from-savepoint', savepoint]);
    expect(unnamed).toMatchObject({ code: 2, out: '' });
    expect(unnamed.err).toContain("is of the job 'sp/totals', and no job of the file has this name");
    expect(unnamed.err).toContain('Its jobs are several/a, several/b.');
  }, 90_000);
});
