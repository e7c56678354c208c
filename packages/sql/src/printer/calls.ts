/* Function calls as canonical text. Functions with a grammar of their own are written in it, for Flink knows
 * them in no other form. */

import type { Expression, FunctionCall, JsonBehavior, JsonClauses } from '../ast/expressions.ts';
import { flinkReserved } from '../flink-reserved.ts';
import { functionSymbol, keywordFunctions } from '../keywords.ts';
import { levels } from '../parser/levels.ts';
import { printAt, printExpression, printList } from './expressions.ts';
import { printName, printPath } from './names.ts';
import { printDataType } from './types.ts';
import { printOrderBy, printWindowSpec } from './windows.ts';

/** `ofTables`: the call stands in FROM, where a query in parentheses is a table argument. */
export function printCall(call: FunctionCall, ofTables: boolean): string {
  const [flag, ...rest] = call.flags;
  const modifier = flag === 'FINAL' || flag === 'RUNNING' ? flag : undefined;
  const inside = printInside(call, modifier === undefined ? call.flags : rest, ofTables);
  const order = printOrderBy(call.withinGroup).trimStart();
  return [
    modifier === undefined ? '' : `${modifier} `,
    printFunctionName(call.name),
    call.bare ? '' : `(${inside})`,
    call.nulls === undefined ? '' : ` ${call.nulls} NULLS`,
    order === '' ? '' : ` WITHIN GROUP (${order})`,
    call.filter === undefined ? '' : ` FILTER (WHERE ${printExpression(call.filter)})`,
    printOver(call.over),
  ].join('');
}

/** A plain name stays plain, unless Flink would take it for another word. */
function printFunctionName(name: FunctionCall['name']): string {
  const symbol = functionSymbol(name);
  const plain =
    keywordFunctions.has(symbol) || (/^[A-Z_][A-Z0-9_]*$/.test(symbol) && !flinkReserved.has(symbol));
  return plain ? name.map((part) => part.text).join('') : printPath(name);
}

function printOver(over: FunctionCall['over']): string {
  if (over === undefined) return '';
  return ` OVER ${'text' in over ? printName(over) : printWindowSpec(over)}`;
}

function printInside(call: FunctionCall, flags: readonly string[], ofTables: boolean): string {
  const special = specialForms[functionSymbol(call.name)];
  if (special !== undefined) return special(call.args, flags) + printJsonClauses(call.json);
  const args = call.args.map((argument) => printArgument(argument, ofTables)).join(', ');
  return (call.distinct ? 'DISTINCT ' : '') + args + printJsonClauses(call.json);
}

/** In FROM a value that is a query has two pairs of parentheses, and a table that is one has one pair. */
function printArgument(argument: Expression, ofTables: boolean): string {
  const text = printExpression(argument);
  if (!ofTables) return text;
  if (argument.kind === 'named')
    return `${printName(argument.name)} => ${printArgument(argument.value, ofTables)}`;
  if (argument.kind === 'table-argument' && 'kind' in argument.source) return text.slice('TABLE '.length);
  return argument.kind === 'subquery' ? `(${text})` : text;
}

type Form = (args: readonly Expression[], flags: readonly string[]) => string;

/** Arguments joined by the words between them; a missing last argument takes its word with it. */
function joined(words: readonly string[]): Form {
  return (args) => {
    const [first, ...rest] = args.map(printExpression);
    return [first, ...rest.map((text, i) => `${words[i] ?? ','} ${text}`)].join(' ');
  };
}

const withUnitFirst: Form = (args, [unit]) => [unit, ...args.map(printExpression)].join(', ');

/** FLOOR(t TO HOUR). An interval before TO would take it for its own, and so stands in parentheses. */
function printRounding(args: readonly Expression[], unit: string | undefined): string {
  const [only] = args;
  if (unit === undefined || only === undefined) return printList(args);
  const text = printAt(only, levels.primary);
  return `${only.kind === 'interval' ? `(${text})` : text} TO ${unit}`;
}

/** KEY k VALUE v, …. A key that ends in IS JSON would take VALUE for its own, and so stands in parentheses.
 *  */
function printMembers(args: readonly Expression[]): string {
  const members: string[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const [key, value] = args.slice(i, i + 2);
    if (key !== undefined && value !== undefined) {
      members.push(`KEY ${printAt(key, levels.comparison)} VALUE ${printExpression(value)}`);
    }
  }
  return members.join(', ');
}

const specialForms: Readonly<Record<string, Form>> = {
  EXTRACT: (args, [unit]) => `${unit} FROM ${printList(args)}`,
  FLOOR: (args, [unit]) => printRounding(args, unit),
  CEIL: (args, [unit]) => printRounding(args, unit),
  CEILING: (args, [unit]) => printRounding(args, unit),
  TIMESTAMPADD: withUnitFirst,
  TIMESTAMPDIFF: withUnitFirst,
  TRIM: (args, [side]) => (side === undefined ? printList(args) : printTrim(args, side)),
  POSITION: printPosition,
  OVERLAY: joined(['PLACING', 'FROM', 'FOR']),
  SUBSTRING: joined(['FROM', 'FOR']),
  JSON_OBJECT: printMembers,
  JSON_OBJECTAGG: printMembers,
};

function printTrim(args: readonly Expression[], side: string): string {
  const [characters, text] = args;
  if (characters === undefined) return side;
  if (text === undefined) return `${side} FROM ${printExpression(characters)}`;
  return `${side} ${printExpression(characters)} FROM ${printExpression(text)}`;
}

function printPosition(args: readonly Expression[]): string {
  const [what, where, from] = args;
  if (what === undefined || where === undefined) return printList(args);
  const start = from === undefined ? '' : ` FROM ${printExpression(from)}`;
  return `${printAt(what, levels.range + 1)} IN ${printExpression(where)}${start}`;
}

/** The clauses behind the arguments of a JSON function. */
function printJsonClauses(json: JsonClauses | undefined): string {
  if (json === undefined) return '';
  const { returning, wrapper, onNull, onEmpty, onError } = json;
  return [
    returning === undefined ? '' : ` RETURNING ${printDataType(returning)}`,
    wrapper === undefined ? '' : ` ${wrapper === 'WITHOUT' ? wrapper : `WITH ${wrapper}`} ARRAY WRAPPER`,
    onEmpty === undefined ? '' : ` ${printBehavior(onEmpty)} ON EMPTY`,
    onError === undefined ? '' : ` ${printBehavior(onError)} ON ERROR`,
    onNull === undefined ? '' : ` ${onNull} ON NULL`,
  ].join('');
}

function printBehavior(behavior: JsonBehavior): string {
  return behavior.kind === 'DEFAULT' ? `DEFAULT ${printExpression(behavior.value)}` : behavior.kind;
}
