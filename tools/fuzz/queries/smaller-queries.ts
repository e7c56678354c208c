/* Smaller queries than one: a clause less, an item less, a part in place of the whole. Not all of them are queries still;
 * whoever asks for them finds out. */

import { parseStatement, printQuery } from '#sql';

/** A node of a syntax tree, without its type. */
type Node = Readonly<Record<string, unknown>> & { readonly kind?: string };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The query's text in smaller forms, those that leave out most first. */
export function smallerQueries(sql: string): string[] {
  const statement = parseStatement(sql);
  if (statement.kind !== 'select-statement') return [];
  const forms = new Set<string>();
  const add = (root: Node): void => {
    try {
      forms.add(printQuery(root as never));
    } catch {
      // No tree that can be printed.
    }
  };
  const { query } = statement;
  for (const inner of queriesIn(query as unknown as Node)) if (inner !== (query as unknown)) add(inner);
  visit(query as unknown as Node, add);
  const whole = printQuery(query);
  forms.delete(whole);
  return [...forms].filter((form) => form.length <= whole.length).sort((a, b) => a.length - b.length);
}

function queriesIn(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(queriesIn);
  if (!isNode(node)) return [];
  const below = Object.entries(node).flatMap(([key, v]) => (key === 'span' ? [] : queriesIn(v)));
  return node.kind === 'query' ? [node, ...below] : below;
}

/** Each smaller form of a node within the tree around it. */
function visit(node: unknown, put: (changed: Node) => void): void {
  if (!isNode(node)) return;
  for (const form of formsOf(node)) put(form);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'span') continue;
    if (Array.isArray(value))
      value.forEach((item, i) => {
        visitItem(item, (changed) => put({ ...node, [key]: value.with(i, changed) }));
      });
    else visit(value, (changed) => put({ ...node, [key]: changed }));
  }
}
function visitItem(item: unknown, put: (changed: unknown) => void): void {
  if (Array.isArray(item)) item.forEach((one, i) => visitItem(one, (changed) => put(item.with(i, changed))));
  else visit(item, put);
}

/** Lists of which one may be left out, by the kind of what they stand in. */
const lists: Readonly<Record<string, readonly string[]>> = {
  query: ['with', 'orderBy'],
  select: ['items', 'groupBy', 'hints'],
  'match-recognize': ['measures', 'define', 'partitionBy'],
  'table-argument': ['partitionBy'],
  in: ['list'],
  window: ['partitionBy', 'orderBy'],
};
/** Parts that may be absent. */
const parts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  query: { orderBy: [], limit: undefined, offset: undefined },
  select: { where: undefined, having: undefined, qualify: undefined, distinct: false, groupBy: undefined },
  call: { filter: undefined, distinct: false },
  'match-recognize': { within: undefined, afterMatch: undefined },
  unnest: { ordinality: false },
  window: { partitionBy: [], frame: undefined },
};
function formsOf(node: Node): Node[] {
  const kind = node.kind ?? ('frame' in node ? 'window' : '');
  const forms: Node[] = [];
  for (const [key, absent] of Object.entries(parts[kind] ?? {}))
    if (JSON.stringify(node[key]) !== JSON.stringify(absent) && !(key === 'orderBy' && node['limit']))
      forms.push({ ...node, [key]: absent });
  for (const key of lists[kind] ?? []) {
    const list = node[key];
    if (Array.isArray(list) && list.length > 1)
      for (const i of list.keys()) forms.push({ ...node, [key]: list.toSpliced(i, 1) });
  }
  return [...forms, ...inPlace(node), ...(kind === 'set-operation' ? narrower(node) : [])];
}
const operands: Readonly<Record<string, readonly string[]>> = {
  'set-operation': ['left', 'right'],
  join: ['left', 'right'],
  binary: ['left', 'right'],
  unary: ['operand'],
  cast: ['operand'],
  is: ['operand'],
};
/** A part in place of the whole. */
function inPlace(node: Node): Node[] {
  const kind = node.kind ?? '';
  const of = (operands[kind] ?? []).map((key) => node[key]);
  if (kind === 'call' && node['over'] === undefined && Array.isArray(node['args'])) of.push(...node['args']);
  if (kind === 'case' && Array.isArray(node['branches']))
    of.push(...node['branches'].map((b: Node) => b['then']), node['otherwise']);
  if (kind === 'parenthesized') of.push((node['query'] as Node)['body']);
  const forms = of.filter(isNode);
  if (kind === 'join' && node['type'] !== 'INNER' && node['type'] !== 'CROSS')
    forms.push({ ...node, type: node['type'] === 'FULL' ? 'LEFT' : 'INNER' });
  if (kind === 'set-operation' && (node['operator'] !== 'UNION' || node['all'] !== true))
    forms.push({ ...node, operator: 'UNION', all: true });
  return forms;
}
/** Both sides with a column less. */
function narrower(node: Node): Node[] {
  const [left, right] = [node['left'], node['right']] as Node[];
  if (left?.kind !== 'select' || right?.kind !== 'select') return [];
  const [a, b] = [left['items'], right['items']] as unknown[][];
  if (a!.length !== b!.length || a!.length < 2) return [];
  return a!.map((_, i) => ({
    ...node,
    left: { ...left, items: a!.toSpliced(i, 1) },
    right: { ...right, items: b!.toSpliced(i, 1) },
  }));
}
