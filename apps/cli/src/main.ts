/* The `millrace` command: argv in, text out. Each command is a file of its own, loaded on use. */

import { Command, CommanderError } from 'commander';
import { report } from './terminal.ts';

const program = new Command('millrace')
  .description('Streaming SQL in one process: Flink SQL, event time, state, exact results.')
  .exitOverride()
  .configureOutput({
    writeErr: (text) => {
      process.stderr.write(text);
    },
  });

/** Runs a command's function and ends the process with its code, once output is written. */
function action<A extends unknown[]>(
  load: () => Promise<(...args: A) => Promise<number>>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    const json = (args.at(-2) as { json?: boolean } | undefined)?.json === true;
    let code: number;
    try {
      code = await (await load())(...args);
    } catch (thrown) {
      code = report(thrown, { json });
    }
    // Whatever still holds the loop open (an idle socket, a server's pipe) must not keep the command alive.
    process.stdout.write('', () => {
      process.exit(code);
    });
  };
}
const collect = (value: string, all: string[]): string[] => [...all, value];

program
  .command('run')
  .argument('<file>', 'SQL file')
  .description('run every statement of a file; ends when its jobs have')
  .option('--target <target>', 'embedded or flink', 'embedded')
  .option('--set <k=v>', 'a setting, as SET does', collect, [])
  .option('--name <name>', 'name of the job')
  .option('--state-dir <dir>', 'where state lives')
  .option('--fresh', 'start anew')
  .option('--from-savepoint <path>', 'start from a savepoint')
  .option('--parallelism <n>', 'parallel instances')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/run.ts')).run));

program
  .command('sql')
  .description('run statements, or open an interactive shell')
  .option('-e <statements>', 'statements to run')
  .option('-f <file>', 'file to run')
  .option('--set <k=v>', 'a setting', collect, [])
  .option('--json', 'JSON lines')
  .option('--keep-going', 'go on after an error')
  .action(action(async () => (await import('./commands/sql.ts')).sql));

program
  .command('explain')
  .argument('[file]', 'SQL file')
  .description('show plan, changes and keys of each query; runs nothing')
  .option('-e <statement>', 'a statement')
  .option('--json', 'one JSON object a query')
  .action(action(async () => (await import('./commands/explain.ts')).explain));

program
  .command('check')
  .argument('<files...>', 'SQL files')
  .description('parse, bind and plan; run and connect to nothing')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/check.ts')).check));

program
  .command('test')
  .argument('<paths...>', '.slt files or folders')
  .description('run test files')
  .option('--update', 'rewrite expectations')
  .option('--style <style>', 'table or json', 'table')
  .option('--mode <mode>', 'plain, rows, splits, crash, parallel or all', 'all')
  .option('--seed <n>', 'seed of random modes')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/test.ts')).test));

program
  .command('services')
  .argument('<action>', 'up, down or list')
  .argument('[names...]', 'kafka, postgres; all by default')
  .description('embedded services, kept under .millrace/')
  .option('--port <port>', 'where kafka listens; any free port by default')
  .option('--data <dir>', 'where kafka keeps its data')
  .option('--config <k=v>', "a config of kafka's, as in server.properties", collect, [])
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/services.ts')).servicesCommand));

program
  .command('topic')
  .argument('<action>', 'list, create, describe, alter, delete, tail or produce')
  .argument('[name]', 'the topic')
  .description('topics and records of any Kafka; by default of the service kafka of this folder')
  .option('--bootstrap-server <host:port>', 'the Kafka to ask')
  .option('--property <k=v>', 'a setting of the client, e.g. security.protocol=SASL_SSL', collect, [])
  .option('--partitions <n>', 'create: how many, by default what the broker says; alter: how many in all')
  .option('--replication-factor <n>', 'create: copies of each partition')
  .option('--config <k=v>', 'create, alter: a config of the topic', collect, [])
  .option('--delete-config <k>', 'alter: back to the default', collect, [])
  .option('--internal', 'list: internal topics too')
  .option('--from <where>', 'tail: earliest or latest', 'earliest')
  .option('--follow', 'tail: go on with records that come')
  .option('--max-messages <n>', 'tail: no more than so many')
  .option('--schema <columns>', "tail: the value's columns, e.g. 'id INT, name STRING'")
  .option('--format <format>', 'tail: the format of values, with --schema; json by default')
  .option('--key-separator <text>', 'produce: what stands between key and value')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/topic.ts')).topicCommand));

try {
  await program.parseAsync(process.argv);
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exit(thrown.exitCode === 0 ? 0 : 2);
  throw thrown;
}
