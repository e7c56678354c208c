/* The `millrace` command: argv in, text out. Each command is a file of its own, loaded on use. */

import { Command, CommanderError, Option } from 'commander';
import { realWorld } from '#host';
import manifest from '../../../package.json' with { type: 'json' };
import { examplesText } from './examples.ts';
import { exitCode, outputFailure, readerGone, report, watchOutput } from './terminal.ts';
import type { SqlPart } from './commands/sql.ts';

watchOutput();

const program = new Command('millrace')
  .description('Streaming SQL in one process: Flink SQL, event time, state, exact results.')
  .version(manifest.version, '-V, --version')
  .option('--no-color', 'no colours; NO_COLOR in the environment does the same')
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
    const end = (): void => {
      const failure = outputFailure();
      if (failure !== undefined) {
        report(failure, { json });
        code ||= exitCode(failure);
      }
      process.exit(code);
    };
    // What the system refuses to write is known a moment after the last write.
    if (readerGone()) end();
    else process.stdout.write('', () => void realWorld().breathe().then(end));
  };
}
const collect = (value: string, all: string[]): string[] => [...all, value];

/** A command of the program: with examples, and with --no-color accepted behind it. */
function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .showHelpAfterError(`hint: millrace ${name} --help`)
    .addHelpText('after', examplesText(name))
    .option('--no-color', 'no colours');
}

const formats = 'table, csv, tsv, json, vertical or markdown';

command('run', 'run every statement of a file; ends when its jobs have')
  .argument('<file>', 'SQL file; - reads standard input')
  .option('--target <target>', 'embedded, or flink: a cluster, by its SQL gateway', 'embedded')
  .option(
    '--set <k=v>',
    'a setting, as SET does; of flink also flink.gateway, flink.jobmanager, flink.stop-with-savepoint',
    collect,
    [],
  )
  .option('--name <name>', 'name of the job')
  .option('--state-dir <dir>', 'where state lives')
  .option('--fresh', 'start anew')
  .option('--from-savepoint <path>', 'start from a savepoint')
  .option('--allow-non-restored-state', 'drop what a savepoint has that the query has no place for')
  .option('--parallelism <n>', 'parallel instances')
  .option('--format <format>', `form of a SELECT's result: ${formats}`)
  .option('--alerts <file>', 'rules of who hears of jobs and of what their rows fail')
  .option('--alerts-state <file>', 'what was told before: in .millrace by default')
  .option('--alerts-every <duration>', 'how often jobs are looked at for them: 10s by default')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/run.ts')).run));

/** -e and -f run in the order in which they were given. */
const parts: SqlPart[] = [];
command('sql', 'run statements, or open an interactive shell')
  .option('-e <statements>', 'statements to run; any number of times, mixed with -f', (text: string) => {
    parts.push({ text });
  })
  .option('-f <file>', 'file to run; - reads standard input', (file: string) => {
    parts.push({ file });
  })
  .option('--set <k=v>', 'a setting', collect, [])
  .option('--format <format>', `form of results: ${formats}`)
  .option('--json', 'JSON lines')
  .option('--keep-going', 'go on after an error')
  .action(
    action(async () => {
      const { sql } = await import('./commands/sql.ts');
      return (flags: Omit<Parameters<typeof sql>[0], 'parts'>, _: Command) => sql({ ...flags, parts });
    }),
  );

command('explain', 'show plan, changes and keys of each query; runs nothing')
  .argument('[file]', 'SQL file')
  .option('-e <statement>', 'a statement')
  .option('--from-savepoint <path>', 'also what the query takes up of a savepoint')
  .option('--target <target>', 'embedded, or flink: the file as Flink gets it', 'embedded')
  .option('--json', 'one JSON object a query')
  .action(action(async () => (await import('./commands/explain.ts')).explain));

command('check', 'parse, bind and plan; run and connect to nothing')
  .argument('<files...>', 'SQL files')
  .option('--for <target>', 'embedded, or flink: also what would not run there')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/check.ts')).check));

command('test', 'run test files')
  .argument('<paths...>', '.slt files or folders')
  .option('--update', 'rewrite expectations')
  .option('--style <style>', 'table or json', 'table')
  .option('--mode <mode>', 'plain, rows, splits, crash, parallel or all', 'all')
  .option('--seed <n>', 'seed of random modes')
  .option('--watch', 'run again what is touched by a change of a file')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/test.ts')).test));

command('jobs', 'jobs whose state lies in a folder: what they do, and their end')
  .argument('<action>', 'list, show, stop, savepoint or cancel')
  .argument('[job]', 'name of the job')
  .argument('[path]', 'where a savepoint goes')
  .option('--state-dir <dir>', 'where jobs keep their state; .millrace/state by default')
  .option('--savepoint <path>', 'with stop: takes a savepoint')
  .option('--watermarks', 'with show: where event time is, and what holds it back')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/jobs.ts')).jobs));

command('state', 'what a savepoint or checkpoint holds')
  .argument('<path>', 'the folder of a savepoint or checkpoint')
  .argument('[operator]', 'id of an operator: its rows')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/state.ts')).state));

command('services', 'embedded services, kept under .millrace/')
  .argument('<action>', 'up, down or list')
  .argument('[names...]', 'kafka, postgres, registry; all by default')
  .option('--port <port>', 'where kafka or registry listens; any free port by default')
  .option('--data <dir>', 'where kafka or registry keeps its data')
  .option(
    '--config <k=v>',
    "a config of kafka's, as in server.properties, or of registry's, as in schema-registry.properties",
    collect,
    [],
  )
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/services.ts')).servicesCommand));

command('topic', 'topics, records and groups of any Kafka; by default of the service kafka of this folder')
  .argument('<action>', 'list, create, describe, alter, delete, tail, produce, groups, lag or reset-offsets')
  .argument('[name]', 'the topic; for lag and reset-offsets the group')
  .option('--bootstrap-server <host:port>', 'the Kafka to ask')
  .option('--property <k=v>', 'a setting of the client, e.g. security.protocol=SASL_SSL', collect, [])
  .option('--partitions <n>', 'create: how many, by default what the broker says; alter: how many in all')
  .option('--replication-factor <n>', 'create: copies of each partition')
  .option('--config <k=v>', 'create, alter: a config of the topic', collect, [])
  .option('--delete-config <k>', 'alter: back to the default', collect, [])
  .option('--internal', 'list: internal topics too')
  .option(
    '--from <where>',
    'tail: earliest, latest, an offset, -N for the last N of each partition, or a time; reset-offsets: the same',
  )
  .option('--partition <n>', 'tail, produce: this partition alone', collect, [])
  .option('--follow', 'tail: go on with records that come')
  .option('--max-messages <n>', 'tail: no more than so many')
  .option('--schema <columns>', "tail: the value's columns, e.g. 'id INT, name STRING'")
  .option('--format <format>', 'tail: the format of values, with --schema; json by default')
  .option('--file <file>', 'produce: lines of this file instead of standard input')
  .option('--key-separator <text>', 'produce: what stands between key and value')
  .option('--header <k=v>', 'produce: a header of every record', collect, [])
  .option(
    '--tombstones',
    'produce: an empty value is a null one: it deletes the key where the topic is compacted',
  )
  .option('--topic <topic>', 'lag, reset-offsets: this topic alone')
  .option('--execute', 'reset-offsets: do it; without, it only shows what it would do')
  .option('--json', 'JSON lines')
  .option('-o, --output <form>', 'tail: text or json; the same as --json')
  .action(action(async () => (await import('./commands/topic.ts')).topicCommand));

command('dlq', 'dead letters of jobs, in a topic or in files; list without a name shows all of them')
  .argument('<action>', 'list, show, replay or purge')
  .argument(
    '[name]',
    'a topic, a table whose letters lie in .millrace/dlq, or a folder or file of JSON lines',
  )
  .option('--bootstrap-server <host:port>', 'the Kafka to ask; by default the service kafka of this folder')
  .option('--property <k=v>', 'a setting of the client, e.g. security.protocol=SASL_SSL', collect, [])
  .option('--stage <stage>', 'list, show: letters of decode, cast, constraint, sink or late alone')
  .option('--code <code>', 'list, show: letters of this error code alone')
  .option('--limit <n>', 'show: no more than so many; 10 by default')
  .option('--to-source', 'replay: the records go back to their topics, each once')
  .option('--through <file.sql>', 'replay: as a job of these statements, which read the table dead_letters')
  .option('--state-dir <dir>', 'replay --through: where the state of its job lies')
  .option('--replayed', 'purge: of a topic, what was replayed alone')
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/dlq.ts')).dlqCommand));

command('schema', 'schemas in files and in any registry; by default of the service registry of this folder')
  .argument('<action>', 'list, show, check, register, diff, infer or evolve')
  .argument('[names...]', 'files, or subjects as in orders-value or orders-value@3')
  .option('--url <url>', 'the registry to ask; several with commas between them')
  .option('--user <name:password>', 'basic authentication; ${env:NAME} is taken from the environment')
  .option('--token <token>', 'a bearer token')
  .option('--ca <file>', "who signed the registry's certificate, as PEM")
  .option('--type <type>', 'avro, json or protobuf, where the name of the file does not say')
  .option(
    '--reference <name=schema>',
    'what a file refers to: NAME=FILE or NAME=SUBJECT@VERSION',
    collect,
    [],
  )
  .option('--subject <subject>', 'check: against this subject; evolve: register there')
  .option('--against <schema>', 'check: against this file or subject, the newest first', collect, [])
  .option('--level <level>', 'check, evolve: backward, forward, full, none, or with _transitive')
  .option('--normalize', 'register: in the normal form')
  .option('--deleted', 'list: softly deleted subjects too')
  .option('--add <name:type>', 'evolve: a field more; name:type=default gives it a default', collect, [])
  .option('--remove <name>', 'evolve: a field less', collect, [])
  .option('--rename <name:new>', 'evolve: another name', collect, [])
  .option('--write', 'evolve: into the file')
  .option('--register', 'evolve: into the registry')
  .option(
    '--bootstrap-server <host:port>',
    'infer: the Kafka of the topic; by default the service kafka of this folder',
  )
  .option('--property <k=v>', "infer: a setting of Kafka's client", collect, [])
  .option('--json', 'JSON lines')
  .action(action(async () => (await import('./commands/schema.ts')).schemaCommand));

command('validate', 'check the quality of a file, a table or a topic; suggest writes a suite')
  .argument('[action]', 'suggest, or nothing')
  .option('--input <path>', 'a Parquet, CSV, JSON lines or DuckDB file; a pattern of several')
  .option('--connection <url>', 'postgres://user:password@host/database, with --table or --query')
  .option('--table <name>', 'of --connection, of --sql, or of a DuckDB file')
  .option('--sql <file>', 'with --table: a table or view that an SQL file defines; nothing of it is run')
  .option('--query <select>', 'of --connection: what is validated instead of a table')
  .option('--topic <topic>', 'a topic, up to its end as it is now')
  .option('--bootstrap-server <host:port>', 'the Kafka of --topic')
  .addOption(new Option('--bootstrap <host:port>').hideHelp())
  .option('--property <k=v>', 'a setting of its client', collect, [])
  .option('--last <n>', 'of a topic: the last N records of each partition')
  .option('--since <duration>', 'of a topic: records of the last 1h')
  .option('--columns <columns>', "of a topic: the value's columns, e.g. 'id INT, name STRING'")
  .option('--format <format>', 'of a topic: the format of values, with --columns; json by default')
  .option('--follow', 'of a topic: as records come, the results of each window')
  .option('--for <duration>', 'of --follow: for so long; without, until Ctrl-C')
  .option('--window <duration>', 'of --follow: 1m by default')
  .option('--suite <file>', 'expectations, as Great Expectations writes them')
  .option(
    '--checks <names>',
    'completeness, uniqueness, freshness, validity, consistency, volume, drift, or all',
  )
  .option('--schema <file>', 'JSON Schema of a row, for validity and completeness')
  .option('--reference <name=file>', 'another file that queries and keys refer to', collect, [])
  .option('--param <name=value>', 'a parameter of the suite', collect, [])
  .option('--key <columns>', 'columns that name a row, for uniqueness')
  .option('--timestamp-column <column>', 'for freshness')
  .option('--max-age <duration>', 'for freshness: 24h by default')
  .option('--min-completeness <share>', 'for completeness: 95% by default')
  .option('--baseline <file>', 'an earlier report, for volume and drift')
  .option('--result-format <format>', 'BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE')
  .option('--output <file>', 'the report as JSON; of suggest: the suite')
  .option('--html <file>', 'the report as one page')
  .option('--junit <file>', "the report as JUnit's XML")
  .option('--history <folder>', 'where runs are kept that the page shows')
  .option('--alerts <file>', 'rules of who hears of what fails')
  .option('--alerts-state <file>', 'what was told before: .millrace/alerts.json by default')
  .option('--memory-limit <size>', 'what DuckDB may use: 1GB by default')
  .option('--strict', 'warnings count as failed')
  .option('--json', 'the report as one line of JSON')
  .action(action(async () => (await import('./commands/validate.ts')).validate));

command('contract', 'what is promised of a table: checked, compared, turned into other forms')
  .argument('<action>', 'check, lint, diff, test, docs or generate')
  .argument('[file]', 'the contract; of generate: none, for a draft from a table')
  .argument('[newer]', 'diff: the newer contract')
  .option('--object <name>', 'the table of a contract that has several')
  .option('--input <path>', 'check, draft: a file; a pattern of several')
  .option(
    '--connection <url>',
    'check, draft: postgres://user:password@host/database, with --table or --query',
  )
  .option('--table <name>', 'of --connection, of --sql, or of a DuckDB file')
  .option('--query <select>', 'of --connection: a query instead of a table')
  .option('--sql <file>', 'check, draft: with --table, a table or view that an SQL file defines')
  .option('--job <name>', 'check: a job that runs, by what it counts; --table names one of its tables')
  .option('--state-dir <dir>', 'of --job: where its state lives')
  .option('--topic <topic>', 'check, draft: a topic, up to its end as it is now')
  .option('--bootstrap-server <host:port>', 'the Kafka of --topic')
  .addOption(new Option('--bootstrap <host:port>').hideHelp())
  .option('--property <k=v>', 'a setting of its client', collect, [])
  .option('--last <n>', 'of a topic: the last N records of each partition')
  .option('--since <duration>', 'of a topic: records of the last 1h')
  .option('--columns <columns>', "of a topic: the value's columns, e.g. 'id INT, name STRING'")
  .option('--format <format>', 'of a topic: the format of values, with --columns; json by default')
  .option('--reference <name=file>', 'another file that rules refer to', collect, [])
  .option(
    '--registry <url>',
    'diff: the Schema Registry of the subject; by default the service of this folder',
  )
  .option(
    '--user <name:password>',
    'of --registry: basic authentication; ${env:NAME} is taken from the environment',
  )
  .option('--token <token>', 'of --registry: a bearer token')
  .option('--ca <file>', 'of --registry: who signed its certificate, as PEM')
  .option('--to <form>', 'generate: ddl, postgres, json-schema, avro, suite, typescript, dbt or odcs')
  .option('--name <name>', 'generate: the name of a draft')
  .option('--result-format <format>', 'BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE')
  .option('--output <file>', 'where what is made goes; of check: the report as JSON')
  .option('--html <file>', 'check: the report as one page')
  .option('--junit <file>', "check: the report as JUnit's XML")
  .option('--history <folder>', 'check: where runs are kept that the page shows')
  .option('--alerts <file>', 'rules of who hears of what fails')
  .option('--alerts-state <file>', 'what was told before: .millrace/alerts.json by default')
  .option('--memory-limit <size>', 'what DuckDB may use: 1GB by default')
  .option('--strict', 'warnings count as failed')
  .option('--json', 'one line of JSON')
  .action(action(async () => (await import('./commands/contract.ts')).contract));

command('completion', 'print the completion of a shell')
  .argument('<shell>', 'bash, zsh or fish')
  .action(
    action(async () => {
      const { completion } = await import('./commands/completion.ts');
      return (shell: string, _flags: object, _: Command) => completion(shell, program);
    }),
  );

try {
  await program.parseAsync(process.argv);
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exit(thrown.exitCode === 0 ? 0 : 2);
  throw thrown;
}
