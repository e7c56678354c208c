/* SQL/JSON paths as Flink reads them: an optional mode (strict is the default), then a JsonPath.
 *
 *   $.a  $['a b']  $.a[0]  $.a[-1]  [0,2]  [1:3]  [*]  .*  ..name  [?(@.price < 10 && @.kind == 'x')]  .length()
 */

import { isJsonArray, isJsonNumber, isJsonObject, numberOf, type JsonNode } from './json.ts';
import { LRUCache } from '#base';
import { parseFilter, type Filter } from './json-filter.ts';

export type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'all' }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'deep' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'function'; readonly name: string };

export interface JsonPath {
  readonly strict: boolean;
  readonly steps: readonly Step[];
  /** Whether it names one place at most. */
  readonly definite: boolean;
}

/** What is wrong with a path, or with the place it names. */
export class JsonPathError extends Error {}

const cache = new LRUCache<string, JsonPath>(256);

/** The path of a text such as 'lax $.a'. Throws JsonPathError. */
export function jsonPath(text: string): JsonPath {
  let path = cache.get(text);
  if (path === undefined) {
    const mode = /^\s*(strict|lax)\s+([\s\S]+)$/i.exec(text);
    const bare = mode?.[2] ?? text;
    // A path that does not begin with $ is that of a member.
    const steps = parseSteps(/^[$@]/.test(bare) || bare === '' ? bare.trimEnd() : `$.${bare}`);
    path = { strict: mode?.[1]?.toLowerCase() !== 'lax', steps, definite: steps.every(isDefinite) };
    cache.set(text, path);
  }
  return path;
}

function isDefinite(step: Step): boolean {
  return (
    step.kind === 'names' ||
    step.kind === 'function' ||
    (step.kind === 'indexes' && step.indexes.length === 1)
  );
}

/** The steps after $ (or @). */
export function parseSteps(text: string): Step[] {
  if (text[0] !== '$' && text[0] !== '@') throw new JsonPathError(`a path starts with $, not '${text}'`);
  const steps: Step[] = [];
  let at = 1;
  while (at < text.length) {
    const rest = text.slice(at);
    if (rest.startsWith('..')) {
      steps.push({ kind: 'deep' });
      at += rest[2] === '[' ? 2 : 1;
      continue;
    }
    const member = /^\.(\*|[^.[\]()*\s]+(?:\(\))?)/.exec(rest) ?? undefined;
    if (member !== undefined) {
      const name = member[1]!;
      steps.push(
        name === '*'
          ? { kind: 'all' }
          : name.endsWith('()')
            ? { kind: 'function', name: name.slice(0, -2) }
            : { kind: 'names', names: [name] },
      );
      at += member[0].length;
    } else if (rest[0] === '[' || rest.startsWith('.[')) {
      const open = rest[0] === '[' ? 1 : 2;
      const end = closingBracket(rest, open);
      steps.push(bracketStep(rest.slice(open, end).trim()));
      at += end + 1;
    } else throw new JsonPathError(`cannot read '${rest}' in the path '${text}'`);
  }
  return steps;
}

/** Index of the ] that closes, quotes and brackets inside skipped. */
function closingBracket(text: string, from: number): number {
  let quote = '';
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== '') {
      if (char === '\\') i++;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '[') depth++;
    else if (char === ']' && depth-- === 0) return i;
  }
  throw new JsonPathError(`a bracket is open in '${text}'`);
}

function bracketStep(inside: string): Step {
  if (inside === '*') return { kind: 'all' };
  if (inside.startsWith('?')) return { kind: 'filter', filter: parseFilter(inside.slice(1).trim()) };
  if (/^-?\d+(\s*,\s*-?\d+)*$/.test(inside))
    return { kind: 'indexes', indexes: inside.split(',').map(Number) };
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(inside);
  if (slice !== null) {
    return {
      kind: 'slice',
      from: slice[1] === undefined ? undefined : Number(slice[1]),
      to: slice[2] === undefined ? undefined : Number(slice[2]),
    };
  }
  const names = [...inside.matchAll(/\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:,|$)/gy)];
  if (names.length === 0 || names.map((m) => m[0]).join('') !== inside)
    throw new JsonPathError(`cannot read '[${inside}]'`);
  return { kind: 'names', names: names.map((m) => (m[1] ?? m[2]!).replace(/\\(.)/g, '$1')) };
}

/** The node at the path: for one that can name several places, the array of those there are.
 *  Throws JsonPathError where a definite part leads nowhere. */
export function readPath(root: JsonNode, steps: readonly Step[], definite: boolean): JsonNode {
  let nodes: JsonNode[] = [root];
  let several = false;
  for (const [i, step] of steps.entries()) {
    if (step.kind === 'deep') {
      nodes = nodes.flatMap(descendants);
      several = true;
      continue;
    }
    const found: JsonNode[] = [];
    for (const node of nodes) found.push(...take(step, node, root));
    if (!several && found.length === 0 && isDefinite(step))
      throw new JsonPathError(`nothing at step ${i + 1} of the path`);
    nodes = found;
    several ||= !isDefinite(step);
  }
  return definite ? nodes[0]! : nodes;
}

function descendants(node: JsonNode): JsonNode[] {
  if (isJsonArray(node)) return [node, ...node.flatMap(descendants)];
  if (isJsonObject(node)) return [node, ...[...node.values()].flatMap(descendants)];
  return [];
}

const place = (index: number, length: number): number => (index < 0 ? index + length : index);

function take(step: Exclude<Step, { kind: 'deep' }>, node: JsonNode, root: JsonNode): readonly JsonNode[] {
  switch (step.kind) {
    case 'names': {
      if (!isJsonObject(node)) return [];
      if (step.names.length === 1) return node.has(step.names[0]!) ? [node.get(step.names[0]!)!] : [];
      return [new Map(step.names.filter((n) => node.has(n)).map((n) => [n, node.get(n)!]))];
    }
    case 'all':
      return isJsonArray(node) ? node : isJsonObject(node) ? [...node.values()] : [];
    case 'indexes': {
      if (!isJsonArray(node)) return [];
      return step.indexes
        .map((i) => place(i, node.length))
        .filter((i) => i >= 0 && i < node.length)
        .map((i) => node[i]!);
    }
    case 'slice':
      return isJsonArray(node) ? node.slice(step.from, step.to) : [];
    case 'filter': {
      const candidates = isJsonArray(node) ? node : isJsonObject(node) ? [node] : [];
      return candidates.filter((candidate) => step.filter(candidate, root));
    }
    case 'function':
      return [applyFunction(step.name, node)];
  }
}

function applyFunction(name: string, node: JsonNode): JsonNode {
  if (name === 'length' || name === 'size') {
    const size = isJsonArray(node)
      ? node.length
      : isJsonObject(node)
        ? node.size
        : typeof node === 'string'
          ? node.length
          : undefined;
    if (size === undefined) throw new JsonPathError(`${name}() of a scalar`);
    return { unscaled: BigInt(size), scale: 0 };
  }
  if (name === 'keys' && isJsonObject(node)) return [...node.keys()];
  const numbers = isJsonArray(node) ? node.filter(isJsonNumber).map(numberOf) : [];
  if (numbers.length === 0) throw new JsonPathError(`${name}() of no numbers`);
  const sum = numbers.reduce((a, b) => a + b, 0);
  switch (name) {
    case 'min':
      return doubleNode(Math.min(...numbers));
    case 'max':
      return doubleNode(Math.max(...numbers));
    case 'sum':
      return doubleNode(sum);
    case 'avg':
      return doubleNode(sum / numbers.length);
    default:
      throw new JsonPathError(`no function ${name}()`);
  }
}

/** A double as a node that reads as Java writes it, with a fraction. */
function doubleNode(value: number): JsonNode {
  const [whole = '0', fraction = '0'] = String(value).split('.');
  if (/e/i.test(String(value))) return String(value);
  return { unscaled: BigInt(whole + fraction), scale: fraction.length };
}
