/* kcat, one call after the other. */

import { kcat, runProgram, type Program } from '../../../../tools/clients.ts';
import type { Servers } from './both.ts';
import { linesOf, type Client } from './client.ts';

let program: Program | undefined;

async function prepare(): Promise<string | undefined> {
  const found = await kcat();
  if ('missing' in found) return found.missing;
  program = found;
  return undefined;
}

async function observe({ plain }: Servers, name: string): Promise<string[]> {
  const { program: path, env } = program!;
  const lines: string[] = [];
  const call = async (what: string, args: readonly string[], input = ''): Promise<void> => {
    const settings = ['-b', plain, '-X', 'log_level=0', '-X', 'heartbeat.interval.ms=100'];
    const printed = await runProgram(path, [...args, ...settings], input, env);
    const own = printed.replaceAll(plain, 'ADDRESS').replaceAll(name, 'NAME');
    for (const line of linesOf(own)) lines.push(`${what}: ${line.replaceAll(/\b17[6-9]\d{10}\b/g, 'TIME')}`);
  };
  const format = '%o %p %T %k(%K) -> %s(%S) %h\n';
  const readAll = ['-C', '-o', 'beginning', '-e', '-q'];
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    const topic = `${name}-${codec}`;
    const records = Array.from({ length: 12 }, (_, i) => `key ${i}|väl✓ue ${i} ${'x'.repeat(i * 40)}`).join(
      '\n',
    );
    await call('produced', ['-P', '-t', topic, '-K', '|', '-z', codec, '-H', 'a=1', '-H', 'b='], records);
    await call(codec, [...readAll, '-t', topic, '-f', format]);
  }
  const topic = `${name}-none`;
  await call('nulls', ['-P', '-t', topic, '-Z', '-K', '|'], 'gone|\n|no key\n');
  await call('as JSON', [...readAll, '-t', topic, '-J', '-c', '2']);
  await call('the last', ['-C', '-t', topic, '-o', '-3', '-e', '-q', '-f', format]);
  await call('from five to nine', ['-C', '-t', topic, '-o', '5', '-c', '4', '-q', '-f', '%o\n']);
  await call('one partition', [...readAll, '-t', topic, '-p', '0', '-f', '%o\n']);
  await call('metadata', ['-L', '-t', topic]);
  await call('metadata as JSON', ['-L', '-J', '-t', topic]);
  await call('offset of a time', ['-Q', '-t', `${topic}:0:0`, '-t', `${topic}:0:-1`, '-t', `${topic}:0:-2`]);
  const group = ['-G', `${name}-group`, '-q', '-f', '%o %s\n', '-X', 'auto.offset.reset=earliest'];
  await call('as a group', [...group, '-c', '6', topic]);
  await call('further as a group', [...group, '-e', topic]);
  const transaction = ['-X', `transactional.id=${name}-tx`];
  await call('in a transaction', ['-P', '-t', topic, ...transaction], 'one\ntwo\n');
  await call('committed', [
    '-C',
    '-t',
    topic,
    '-o',
    '14',
    '-e',
    '-q',
    '-f',
    format,
    '-X',
    'isolation.level=read_committed',
  ]);
  return lines;
}

export const kcatClient: Client = { name: 'kcat 1.7.1', prepare, observe, linesMin: 80 };
