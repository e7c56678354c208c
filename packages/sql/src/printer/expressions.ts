/* Expressions as canonical text, with no more parentheses than their levels ask for. Where Flink's grammar is
 * in doubt (predicates as operands of predicates) a pair is kept, so that both read the same tree. */

import { unreachable } from '#base';
import type {
  CaseExpression,
  Expression,
  InExpression,
  IntervalLiteral,
  IsExpression,
} from '../ast/expressions.ts';
import { levels } from '../parser/levels.ts';
import { printCall } from './calls.ts';
import { printName, printNames, printPath, printString } from './names.ts';
import { printQuery } from './queries.ts';
import { printDataType, printUnits } from './types.ts';
import { printOrderBy } from './windows.ts';

export function printExpression(expression: Expression): string {
  return print(expression);
}

/** `expression` where nothing looser than `min` may stand bare. */
export function printAt(expression: Expression, min: number): string {
  const text = print(expression);
  return levelOf(expression) < min ? `(${text})` : text;
}

/** a, b, c. */
export function printList(items: readonly Expression[]): string {
  return items.map(print).join(', ');
}

/** How tightly the outermost operator binds. */
function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case 'unary':
      return expression.operator === 'NOT' ? levels.not : levels.sign;
    case 'binary':
      return binaryLevels[expression.operator];
    case 'is':
      return expression.test === 'DISTINCT FROM' ? levels.comparison : levels.is;
    case 'between':
    case 'in':
    case 'like':
    case 'quantified':
      return levels.range;
    default:
      return levels.primary;
  }
}

const binaryLevels = {
  OR: levels.or,
  AND: levels.and,
  '=': levels.comparison,
  '<>': levels.comparison,
  '<': levels.comparison,
  '<=': levels.comparison,
  '>': levels.comparison,
  '>=': levels.comparison,
  OVERLAPS: levels.comparison,
  CONTAINS: levels.comparison,
  'MEMBER OF': levels.comparison,
  '+': levels.sum,
  '-': levels.sum,
  '*': levels.product,
  '/': levels.product,
  '%': levels.product,
  '||': levels.product,
} as const;

const dateTimeWords = {
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMP WITH LOCAL TIME ZONE',
} as const;

function print(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'string':
      return printString(node.value);
    case 'bytes':
      return `X'${node.hex}'`;
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'datetime':
      return `${dateTimeWords[node.type]} ${printString(node.text)}`;
    case 'interval':
      return printInterval(node);
    case 'column':
      return printPath(node.path);
    case 'star':
      return node.qualifier.length === 0 ? '*' : `${printPath(node.qualifier)}.*`;
    case 'unary':
      if (node.operator === 'NOT') return `NOT ${printAt(node.operand, levels.is)}`;
      return node.operator + printAt(node.operand, levels.sign + 1);
    case 'binary': {
      const level = binaryLevels[node.operator];
      return `${printAt(node.left, level)} ${node.operator} ${printAt(node.right, level + 1)}`;
    }
    case 'exists':
      return `EXISTS (${printQuery(node.query)})`;
    case 'subquery':
      return `(${printQuery(node.query)})`;
    case 'case':
      return printCase(node);
    case 'cast':
      return `${node.safe ? 'TRY_CAST' : 'CAST'}(${print(node.operand)} AS ${printDataType(node.type)})`;
    case 'call':
      return printCall(node, false);
    case 'row':
      return `${node.explicit ? 'ROW' : ''}(${printList(node.items)})`;
    case 'array':
      return `ARRAY[${printList(node.items)}]`;
    case 'map':
      return `MAP[${printList(node.items)}]`;
    case 'element':
      return `${printOperand(node.operand)}[${print(node.index)}]`;
    case 'field':
      return `${printOperand(node.operand, 'column')}.${printName(node.field)}`;
    case 'descriptor':
      return `DESCRIPTOR${printNames(node.columns)}`;
    case 'named':
      return `${printName(node.name)} => ${print(node.value)}`;
    default:
      return printRest(node);
  }
}

type Rest = Extract<
  Expression,
  { kind: 'is' | 'between' | 'in' | 'like' | 'quantified' | 'table-argument' | 'model-argument' }
>;

/** Predicates, and arguments that are no values. */
function printRest(node: Rest): string {
  const tighter = levels.range + 1;
  switch (node.kind) {
    case 'is':
      return printIs(node);
    case 'between': {
      const word = `${node.negated ? 'NOT ' : ''}BETWEEN${node.symmetric ? ' SYMMETRIC' : ''}`;
      const bounds = `${printAt(node.low, tighter)} AND ${printAt(node.high, tighter)}`;
      return `${printAt(node.operand, tighter)} ${word} ${bounds}`;
    }
    case 'in':
      return `${printAt(node.operand, tighter)} ${node.negated ? 'NOT ' : ''}IN (${printChoices(node.list)})`;
    case 'like': {
      const escape = node.escape === undefined ? '' : ` ESCAPE ${printAt(node.escape, tighter)}`;
      const word = `${node.negated ? 'NOT ' : ''}${node.operator}`;
      return `${printAt(node.operand, tighter)} ${word} ${printAt(node.pattern, tighter)}${escape}`;
    }
    case 'quantified': {
      const words = `${node.operator} ${node.quantifier}`;
      return `${printAt(node.operand, tighter)} ${words} (${printChoices(node.list)})`;
    }
    case 'table-argument': {
      const source =
        'kind' in node.source ? `TABLE (${printQuery(node.source)})` : `TABLE ${printPath(node.source)}`;
      const partition = node.partitionBy.length === 0 ? '' : ` PARTITION BY (${printList(node.partitionBy)})`;
      return source + partition + printOrderBy(node.orderBy, true);
    }
    case 'model-argument':
      return `MODEL ${printPath(node.name)}`;
    default:
      return unreachable(node);
  }
}

function printChoices(list: InExpression['list']): string {
  return 'kind' in list ? printQuery(list) : printList(list);
}

function printIs(node: IsExpression): string {
  const not = node.negated ? ' NOT' : '';
  if (node.other === undefined) return `${printAt(node.operand, levels.is)} IS${not} ${node.test}`;
  const other = printAt(node.other, levels.comparison + 1);
  return `${printAt(node.operand, levels.comparison)} IS${not} DISTINCT FROM ${other}`;
}

function printInterval(node: IntervalLiteral): string {
  const units = printUnits(node.from, node.to, node.precision, node.fraction);
  return `INTERVAL ${node.negative ? '-' : ''}${printString(node.text)} ${units}`;
}

function printCase(node: CaseExpression): string {
  const subject = node.subject === undefined ? '' : ` ${print(node.subject)}`;
  const branches = node.branches.map(({ when, then }) => ` WHEN ${print(when)} THEN ${print(then)}`).join('');
  const otherwise = node.otherwise === undefined ? '' : ` ELSE ${print(node.otherwise)}`;
  return `CASE${subject}${branches}${otherwise} END`;
}

/** What [ ] or a field name may follow directly; everything else goes into parentheses, as does kind `but`.
 *  */
function printOperand(node: Expression, but?: 'column'): string {
  const text = print(node);
  switch (node.kind) {
    case 'column':
    case 'element':
    case 'field':
    case 'array':
    case 'map':
    case 'subquery':
      return node.kind === but ? `(${text})` : text;
    case 'call':
      return text.endsWith(')') && node.over === undefined && node.filter === undefined ? text : `(${text})`;
    default:
      return `(${text})`;
  }
}
