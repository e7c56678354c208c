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
  'demo-events': "'datagen' makes random rows there.",
  nexmark: 'Write the events to Kafka, and read them there.',
  test: 'It is for test files.',
};

/** Options of WITH and of ALTER TABLE … SET, of every table in the statement. */
function optionsOf(statement: Statement): readonly OptionEntry[] {
  if ('options' in statement) return statement.options;
  return statement.kind === 'alter-table' && statement.action.kind === 'set' ? statement.action.options : [];
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
    statement.kind === 'create-function' && statement.language?.toUpperCase() === 'TYPESCRIPT'
      ? [
          {
            at: statement.span,
            message: 'functions in TypeScript run only here',
            hint: "Flink runs LANGUAGE JAVA, SCALA and PYTHON; or write it as an expression of SQL's own functions.",
          },
        ]
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

/** Whether the statement runs on Flink and not here: what follows may rest on what it makes. */
export function onlyOnFlink(statement: Statement): boolean {
  switch (statement.kind) {
    case 'create-function':
      return statement.language?.toUpperCase() !== 'TYPESCRIPT';
    case 'create-catalog':
    case 'alter-view':
    case 'unsupported':
      return true;
    case 'alter-table':
      return statement.action.kind === 'other';
    default:
      return false;
  }
}
