/* What of a file exists only here, and would not run on Flink: a table of rules over the syntax tree. And the other way
 * round: statements that only Flink runs, behind which a file cannot be checked here. */

import type { Span } from '#base';
import { fileNames, type OptionEntry, type ScriptStatement, type Statement } from '#sql';

export interface Refusal {
  readonly at: Span;
  readonly message: string;
  readonly hint: string;
}
type Rule = (statement: Statement) => Refusal[];

/** Connectors that Flink does not have, and what stands for them there. */
const ownConnectors: Readonly<Record<string, string>> = {
  embedded: 'Millrace keeps such tables by itself; Kafka and files are read by both.',
  'demo-events': "'datagen' makes random rows there.",
  nexmark: 'Write the events to Kafka, and read them there.',
  test: 'It is for test files.',
};

/** Options of WITH, of ALTER TABLE … SET and of ALTER MODEL … SET. */
function optionsOf(statement: Statement): readonly OptionEntry[] {
  if ('options' in statement) return statement.options;
  const alters = statement.kind === 'alter-table' || statement.kind === 'alter-model';
  return alters && statement.action.kind === 'set' ? statement.action.options : [];
}

/** Keys of OPTIONS hints, wherever they stand. */
function hintKeys(statement: Statement): string[] {
  const keys: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('pairs' in node && Array.isArray(node.pairs))
      for (const { key } of node.pairs as readonly { readonly key: string }[]) keys.push(key);
    Object.values(node).forEach(visit);
  };
  visit(statement);
  return keys;
}

const rules: readonly Rule[] = [
  (statement) =>
    (statement.kind === 'create-function' || statement.kind === 'alter-function') &&
    statement.language?.toUpperCase() === 'TYPESCRIPT'
      ? [
          {
            at: statement.span,
            message: 'functions in TypeScript run only here',
            hint: "Flink runs LANGUAGE JAVA, SCALA and PYTHON; or write it as an expression of SQL's own functions.",
          },
        ]
      : [],
  (statement) =>
    statement.kind === 'create-model' || (statement.kind === 'alter-model' && statement.action.kind === 'set')
      ? optionsOf(statement)
          .filter(({ key, value }) => key === 'provider' && value === 'typescript')
          .map(({ span }) => ({
            at: span,
            message: 'models in TypeScript run only here',
            hint: "Flink has the provider 'openai', with the jar of flink-model-openai, and those of its users.",
          }))
      : [],
  (statement) =>
    statement.kind === 'create-table-as' && !statement.options.some((o) => o.key === 'connector')
      ? [
          {
            at: statement.name.at(-1)!.span,
            message: 'a table without a connector is kept by Millrace itself, and Flink has no such tables',
            hint: "Add WITH ('connector' = …) in front of AS.",
          },
        ]
      : [],
  (statement) =>
    statement.kind === 'create-catalog'
      ? statement.options
          .filter(({ key, value }) => key === 'type' && value === 'filesystem')
          .map(({ span }) => ({
            at: span,
            message: "a catalog of type 'filesystem' is there only here",
            hint: "Flink has 'generic_in_memory' and 'jdbc', and 'hive' with its jar.",
          }))
      : [],
  (statement) =>
    optionsOf(statement)
      .filter(({ value }) => /\bembedded:/.test(value))
      .map(({ key, span }) => ({
        at: span,
        message: `'${key}' names a service that Millrace itself runs, which Flink does not reach`,
        hint: 'Give the address of a server.',
      })),
  (statement) =>
    optionsOf(statement)
      .filter(({ key, value }) => key === 'connector' && Object.hasOwn(ownConnectors, value))
      .map(({ value, span }) => ({
        at: span,
        message: `the connector '${value}' exists only here`,
        hint: ownConnectors[value] ?? '',
      })),
  (statement) =>
    optionsOf(statement)
      .filter(({ key }) => key.startsWith('millrace.'))
      .map(({ key, span }) => ({
        at: span,
        message: `the option '${key}' exists only here`,
        hint: 'Leave it out.',
      })),
  (statement) =>
    hintKeys(statement)
      .filter((key) => key.startsWith('millrace.'))
      .map((key) => ({
        at: statement.span,
        message: `the option '${key}' of a hint exists only here`,
        hint: 'Leave it out.',
      })),
  (statement) =>
    (statement.kind === 'set' || statement.kind === 'reset') &&
    statement.key?.startsWith('millrace.') === true
      ? [
          {
            at: statement.span,
            message: `the setting '${statement.key}' exists only here`,
            hint: 'Leave it out.',
          },
        ]
      : [],
  (statement) =>
    fileNames(statement).map(({ text, span }) => ({
      at: span,
      message: `a file in place of a table ('${text}') is read only here`,
      hint: "CREATE TABLE … WITH ('connector' = 'filesystem', …) is read by both.",
    })),
];

/** All of them, in the order of the text. */
export function refusals(statements: readonly Pick<ScriptStatement, 'statement'>[]): Refusal[] {
  return statements.flatMap(({ statement }) => rules.flatMap((rule) => rule(statement)));
}

/** Types of catalog that are there on both sides, or here alone. */
const typesHere: ReadonlySet<string> = new Set(['generic_in_memory', 'jdbc', 'filesystem']);

/** Providers of models likewise. */
const providersHere: ReadonlySet<string> = new Set(['openai', 'typescript']);

/** Whether the statement runs on Flink and not here: what follows may rest on what it makes. */
export function onlyOnFlink(statement: Statement): boolean {
  switch (statement.kind) {
    case 'create-function':
      return statement.language?.toUpperCase() !== 'TYPESCRIPT';
    case 'create-catalog':
      return !typesHere.has(statement.options.find((o) => o.key === 'type')?.value ?? '');
    case 'alter-function':
      return statement.language?.toUpperCase() !== 'TYPESCRIPT';
    case 'create-model':
      return !providersHere.has(statement.options.find((o) => o.key === 'provider')?.value ?? '');
    case 'unsupported':
      return true;
    case 'alter-table':
      return statement.action.kind === 'other';
    default:
      return false;
  }
}
