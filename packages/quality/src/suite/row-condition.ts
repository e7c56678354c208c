/* row_condition: which rows an expectation looks at. As text of Great Expectations (col("a") > 3, col("a").notnull()), as
 * text of pandas (a > 3 and s == "x"), or as an object (type: comparison, nullity, and, or). */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';
import type { Comparison, RowTest } from '../row-test.ts';

const conditionsMax = 100;
const operators: Readonly<Record<string, Comparison>> = {
  '==': '=',
  '=': '=',
  '!=': '<>',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** Throws QLT1011 for what is no condition. */
export function readRowCondition(given: unknown, parser: unknown): RowTest {
  if (given === undefined || given === null || given === '') return { kind: 'true' };
  if (typeof given === 'object') return fromObject(given as Record<string, unknown>, { left: conditionsMax });
  if (typeof given !== 'string') throw refused(given, 'expected text or an object');
  if (
    parser !== undefined &&
    parser !== null &&
    !['great_expectations', 'great_expectations__experimental__', 'pandas', 'spark'].includes(String(parser))
  )
    throw new UserError('QLT1011', {
      message: `condition_parser ${JSON.stringify(parser)}: expected great_expectations or pandas`,
    });
  return new ConditionParser(given).parse();
}
const refused = (given: unknown, problem: string): UserError =>
  new UserError('QLT1011', {
    message: `row_condition ${JSON.stringify(given)}: ${problem}`,
    hint: `Write col("a") > 3, col("a").notnull(), or several of them with and, or, not.`,
  });

function fromObject(given: Record<string, unknown>, budget: { left: number }): RowTest {
  if (budget.left-- <= 0) throw refused({}, `more than ${conditionsMax} conditions`);
  const name = (given['column'] as { name?: unknown } | undefined)?.name;
  switch (given['type']) {
    case 'and':
    case 'or': {
      const inner = given['conditions'];
      if (!Array.isArray(inner)) throw refused(given, 'conditions is no list');
      return {
        kind: given['type'],
        tests: inner.map((c) => fromObject(c as Record<string, unknown>, budget)),
      };
    }
    case 'nullity': {
      if (typeof name !== 'string') throw refused(given, 'column.name is missing');
      const test: RowTest = { kind: 'null', column: name };
      return given['is_null'] === false ? { kind: 'not', test } : test;
    }
    case 'pass_through':
      return new ConditionParser(String(given['pass_through_filter'])).parse();
    case 'comparison': {
      if (typeof name !== 'string') throw refused(given, 'column.name is missing');
      return comparison(name, String(given['operator']), given['parameter'], given);
    }
    default:
      throw refused(given, `type is ${JSON.stringify(given['type'])}, expected comparison, nullity, and, or`);
  }
}
function comparison(column: string, operator: string, parameter: unknown, given: unknown): RowTest {
  if (operator === 'IN' || operator === 'NOT_IN') {
    if (!Array.isArray(parameter)) throw refused(given, `${operator} needs a list`);
    const test: RowTest = { kind: 'in', column, values: parameter as Cell[] };
    return operator === 'IN' ? test : { kind: 'not', test };
  }
  const known = operators[operator];
  if (known === undefined) throw refused(given, `there is no operator ${operator}`);
  if (parameter === null || parameter === undefined)
    throw refused(given, 'a comparison with null; type nullity tests for it');
  return { kind: 'compare', column, operator: known, value: parameter as Cell };
}

const token =
  /\s*(?:(col\(\s*(?:"([^"]*)"|'([^']*)')\s*\))|(date\s*\(\s*(?:"([^"]*)"|'([^']*)')\s*\))|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(==|!=|<=|>=|<>|[<>=()[\],.&|~]))/y;

interface Token {
  readonly kind: 'column' | 'text' | 'number' | 'word' | 'sign' | 'end';
  readonly text: string;
}

/** condition := term (or term)*; term := factor (and factor)*; factor := not factor | (condition) | comparison */
class ConditionParser {
  readonly #text: string;
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#lex();
  }
  #lex(): Token[] {
    const tokens: Token[] = [];
    token.lastIndex = 0;
    while (this.#text.slice(token.lastIndex).trim() !== '') {
      const from = token.lastIndex;
      const m = token.exec(this.#text);
      if (m === null)
        throw refused(this.#text, `it cannot be read at ${JSON.stringify(this.#text.slice(from).trim())}`);
      const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1');
      if (m[1] !== undefined) tokens.push({ kind: 'column', text: m[2] ?? m[3]! });
      else if (m[4] !== undefined) tokens.push({ kind: 'text', text: m[5] ?? m[6]! });
      else if (m[7] !== undefined || m[8] !== undefined)
        tokens.push({ kind: 'text', text: unescaped(m[7] ?? m[8]!) });
      else if (m[9] !== undefined) tokens.push({ kind: 'column', text: m[9] });
      else if (m[10] !== undefined) tokens.push({ kind: 'number', text: m[10] });
      else if (m[11] !== undefined) tokens.push({ kind: 'word', text: m[11] });
      else tokens.push({ kind: 'sign', text: m[12]! });
    }
    tokens.push({ kind: 'end', text: '' });
    return tokens;
  }
  parse(): RowTest {
    const test = this.#or();
    if (this.#peek().kind !== 'end')
      throw refused(this.#text, `unexpected ${JSON.stringify(this.#peek().text)}`);
    return test;
  }
  #peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', text: '' };
  }
  #take(...texts: readonly string[]): boolean {
    const found = this.#peek();
    const is = (found.kind === 'word' || found.kind === 'sign') && texts.includes(found.text.toLowerCase());
    if (is) this.#at++;
    return is;
  }
  #or(): RowTest {
    const tests = [this.#and()];
    while (this.#take('or', '|')) tests.push(this.#and());
    return tests.length === 1 ? tests[0]! : { kind: 'or', tests };
  }
  #and(): RowTest {
    const tests = [this.#not()];
    while (this.#take('and', '&')) tests.push(this.#not());
    return tests.length === 1 ? tests[0]! : { kind: 'and', tests };
  }
  #not(): RowTest {
    if (this.#take('not', '~')) return { kind: 'not', test: this.#not() };
    if (this.#take('(')) {
      const test = this.#or();
      if (!this.#take(')')) throw refused(this.#text, 'a parenthesis is not closed');
      return test;
    }
    return this.#comparison();
  }
  #comparison(): RowTest {
    const found = this.#peek();
    if (found.kind !== 'column' && found.kind !== 'word')
      throw refused(this.#text, `expected a column at ${JSON.stringify(found.text)}`);
    this.#at++;
    const column = found.text;
    if (this.#take('.')) return this.#method(column);
    if (this.#take('in')) return { kind: 'in', column, values: this.#list() };
    if (this.#take('not')) {
      if (!this.#take('in')) throw refused(this.#text, 'expected in behind not');
      return { kind: 'not', test: { kind: 'in', column, values: this.#list() } };
    }
    const sign = this.#peek();
    const operator = sign.kind === 'sign' ? operators[sign.text] : undefined;
    // In pandas a column of booleans is a condition by itself.
    if (operator === undefined) return { kind: 'compare', column, operator: '=', value: true };
    this.#at++;
    return { kind: 'compare', column, operator, value: this.#value() };
  }
  #method(column: string): RowTest {
    const name = this.#peek().text.toLowerCase();
    this.#at++;
    if (!this.#take('(') || !this.#take(')')) throw refused(this.#text, `expected () behind .${name}`);
    const test: RowTest = { kind: 'null', column };
    if (name === 'isnull' || name === 'isna') return test;
    if (name === 'notnull' || name === 'notna') return { kind: 'not', test };
    throw refused(this.#text, `there is no .${name}(), only .notnull() and .isnull()`);
  }
  #value(): Cell {
    const { kind, text } = this.#peek();
    this.#at++;
    if (kind === 'number') return Number(text);
    if (kind === 'text') return text;
    if (kind === 'word' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    throw refused(this.#text, `expected a number or quoted text at ${JSON.stringify(text)}`);
  }
  #list(): Cell[] {
    const close = this.#take('[') ? ']' : this.#take('(') ? ')' : undefined;
    if (close === undefined) throw refused(this.#text, 'expected a list behind in');
    const values: Cell[] = [];
    while (!this.#take(close)) {
      values.push(this.#value());
      this.#take(',');
    }
    return values;
  }
}
