/* Filters of JSON paths: ?(@.price < 10 && @.kind == 'x'). */

import { javaRegex } from './java-regex.ts';
import { isJsonArray, isJsonNumber, numberOf, type JsonNode } from './json.ts';
import { JsonPathError, parseSteps, readPath } from './json-path.ts';

/** Whether a candidate passes. */
export type Filter = (candidate: JsonNode, root: JsonNode) => boolean;
type Operand = (candidate: JsonNode, root: JsonNode) => JsonNode | undefined;

/** Operators, patterns, texts, numbers, paths, words. */
const token = [
  String.raw`&&|\|\||==|!=|<=|>=|=~|[<>!()[\],]`,
  String.raw`\/(?:[^/\\]|\\.)*\/i?`,
  String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`,
  String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`,
  String.raw`[@$](?:\.[\w*]+|\[[^\]]*\])*`,
  String.raw`\w+`,
].join('|');
const tokenPattern = new RegExp(String.raw`\s*(${token})\s*`, 'y');

class FilterParser {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string) {
    for (let at = 0; at < text.length; ) {
      tokenPattern.lastIndex = at;
      const match = tokenPattern.exec(text);
      if (match === null) throw new JsonPathError(`cannot read the filter '${text}'`);
      this.#tokens.push(match[1]!);
      at = tokenPattern.lastIndex;
    }
  }
  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }
  #accept(...tokens: string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !tokens.includes(token)) return undefined;
    this.#at++;
    return token;
  }
  any(): Filter {
    let left = this.#every();
    while (this.#accept('||')) {
      const [a, b] = [left, this.#every()];
      left = (c, root) => a(c, root) || b(c, root);
    }
    return left;
  }
  #every(): Filter {
    let left = this.#test();
    while (this.#accept('&&')) {
      const [a, b] = [left, this.#test()];
      left = (c, root) => a(c, root) && b(c, root);
    }
    return left;
  }
  #test(): Filter {
    if (this.#accept('!')) {
      const inner = this.#test();
      return (c, root) => !inner(c, root);
    }
    if (this.#accept('(')) {
      const inner = this.any();
      if (!this.#accept(')')) throw new JsonPathError("a filter misses ')'");
      return inner;
    }
    const left = this.#operand();
    const operator = this.#accept('==', '!=', '<', '<=', '>', '>=', '=~', 'in');
    if (operator === undefined) return (c, root) => left(c, root) !== undefined;
    if (operator === '=~') return this.#pattern(left);
    const right = this.#operand();
    return (c, root) => compare(operator, left(c, root), right(c, root));
  }
  #pattern(left: Operand): Filter {
    const token = this.#tokens[this.#at++] ?? '';
    const match = /^\/(.*)\/(i?)$/.exec(token);
    const regex =
      match === null ? undefined : javaRegex(`${match[2] === 'i' ? '(?i)' : ''}^(?:${match[1]})$`);
    if (regex === undefined) throw new JsonPathError(`'${token}' is not a pattern`);
    return (c, root) => {
      const value = left(c, root);
      return typeof value === 'string' && regex.test(value);
    };
  }
  #operand(): Operand {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new JsonPathError('a filter ends too early');
    if (token === '[') {
      const items: Operand[] = [];
      while (!this.#accept(']')) {
        items.push(this.#operand());
        this.#accept(',');
      }
      return (c, root) => items.map((item) => item(c, root) ?? null);
    }
    if (token[0] === '@' || token[0] === '$') return pathOperand(token);
    if (token[0] === "'" || token[0] === '"') {
      const text = token.slice(1, -1).replace(/\\(.)/g, '$1');
      return () => text;
    }
    if (token === 'true' || token === 'false') return () => token === 'true';
    if (token === 'null') return () => null;
    const value = Number(token);
    if (Number.isNaN(value)) throw new JsonPathError(`cannot read '${token}' in a filter`);
    return () => ({ unscaled: BigInt(Math.round(value * 1e6)), scale: 6 });
  }
}

function pathOperand(text: string): Operand {
  const steps = parseSteps(text);
  const definite = steps.every((s) => s.kind === 'names' || s.kind === 'indexes' || s.kind === 'function');
  return (candidate, root) => {
    try {
      return readPath(text[0] === '@' ? candidate : root, steps, definite);
    } catch (error) {
      if (error instanceof JsonPathError) return undefined;
      throw error;
    }
  };
}

function compare(operator: string, a: JsonNode | undefined, b: JsonNode | undefined): boolean {
  if (a === undefined || b === undefined) return operator === '!=' && a !== b;
  if (operator === 'in') return isJsonArray(b) && b.some((item) => compare('==', a, item));
  const [x, y] = [scalar(a), scalar(b)];
  if (operator === '==') return x === y;
  if (operator === '!=') return x !== y;
  if (typeof x !== typeof y || (typeof x !== 'number' && typeof x !== 'string')) return false;
  const [left, right] = [x as number, y as number];
  return operator === '<'
    ? left < right
    : operator === '<='
      ? left <= right
      : operator === '>'
        ? left > right
        : left >= right;
}

const scalar = (node: JsonNode): unknown => (isJsonNumber(node) ? numberOf(node) : node);

/** The filter inside ?(…). */
export function parseFilter(text: string): Filter {
  const parser = new FilterParser(text);
  const filter = parser.any();
  if (!parser.done) throw new JsonPathError(`cannot read the filter '${text}' to its end`);
  return filter;
}
