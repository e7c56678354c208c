/* Compiles a filter and a projection into a plan: the source of one loop in two variants, and what they refer to. */

import { layoutOf, type LogicalType, type Value } from '#data';
import { limits } from '#base';
import type { CallExpr, Expr } from '../expression.ts';
import { Code, columnPath, madeText, type Pool, type Register, type Variant } from './code.ts';
import { functionOf } from '../functions/table.ts';
import { digest, isDeterministic } from './digest.ts';

export interface CalcInput {
  readonly inputTypes: readonly LogicalType[];
  readonly where: Expr | undefined;
  readonly project: readonly Expr[];
  /** A variant for batches without NULLs is made too: for conditions that are most of the work. */
  readonly forFull?: boolean;
}

/** Where an output column comes from: passed on from a source, or computed. */
export type CalcOutput =
  | { readonly kind: 'source'; readonly source: number; readonly type: LogicalType }
  /** A part of a text of a source: start and length are computed, the bytes are the source's. */
  | { readonly kind: 'slice'; readonly source: number; readonly type: LogicalType }
  | { readonly kind: 'computed'; readonly type: LogicalType };

/** A compiled filter and projection. Structured-cloneable: texts, constants, calls by function name. */
export interface CalcPlan {
  /** The narrow variant; undefined when rows must not be evaluated twice (RAND, UUID): then wide only. */
  readonly source: string | undefined;
  readonly sourceWide: string;
  /** The narrow variant where no source has a NULL; undefined: not asked for. */
  readonly sourceFull: string | undefined;
  readonly filtered: boolean;
  readonly outputs: readonly CalcOutput[];
  readonly sources: readonly (readonly number[])[];
  readonly sourceTypes: readonly LogicalType[];
  /** Exact sources that the narrow variant reads: if one is wide in a batch, the wide variant runs. */
  readonly narrowSources: readonly number[];
  readonly constants: readonly Value[];
  readonly calls: readonly CallExpr[];
  /** What it was made from: to find the call that failed. */
  readonly input: CalcInput;
  /** CURRENT_WATERMARK is called: rows between two marks are evaluated together, and not beyond. */
  readonly readsWatermark: boolean;
}

/** Plans `project` over the rows where `where` is TRUE. */
export function planCalc(input: CalcInput): CalcPlan {
  const { where, project } = input;
  const pool: Pool = { sources: [], sourceTypes: [], constants: [], calls: [] };
  const twice = [...project, ...(where === undefined ? [] : [where])].every(isDeterministic);
  const narrow = twice ? generate(where, project, pool, { wide: false, full: false }) : undefined;
  const full =
    twice && input.forFull === true ? generate(where, project, pool, { wide: false, full: true }) : undefined;
  const wide = generate(where, project, pool, { wide: true, full: false });
  return {
    input,
    source: narrow?.source,
    sourceWide: wide.source,
    sourceFull: full?.source,
    filtered: where !== undefined,
    outputs: wide.outputs,
    sources: pool.sources,
    sourceTypes: pool.sourceTypes,
    narrowSources: [...(narrow?.used ?? [])].filter((i) => layoutOf(pool.sourceTypes[i]!) === 'exact'),
    constants: pool.constants,
    calls: pool.calls,
    readsWatermark: pool.calls.some((call) => call.fn === 'CURRENT_WATERMARK'),
  };
}

function generate(where: Expr | undefined, project: readonly Expr[], pool: Pool, variant: Variant) {
  const { wide } = variant;
  const code = new Code(variant, pool, 3, { functionOf, digest });
  const firstConstant = pool.constants.length;
  if (where !== undefined) {
    const keep = code.truth(code.expr(where));
    if (keep !== 'true') code.emit(keep === 'false' ? 'continue;' : `if (!${keep}) continue;`);
  }
  const outputs: CalcOutput[] = [];
  const computed: { register: Register; at: number }[] = [];
  for (const [at, expr] of project.entries()) {
    const path = columnPath(expr);
    if (path !== undefined)
      outputs.push({ kind: 'source', source: code.source(path, expr.type), type: expr.type });
    else {
      const register = code.expr(expr);
      computed.push({ register, at });
      if (!isPart(register)) outputs.push({ kind: 'computed', type: expr.type });
      else outputs.push({ kind: 'slice', source: register.slice!.column, type: expr.type });
    }
  }
  // All that can leave the loop or fail stands above: a row is written whole or not at all.
  const grows = computed.filter(({ register }) => !isPart(register) && isBuilt(register.type, wide));
  for (const { register, at } of computed) store(code, register, at);
  if (where !== undefined) code.emit('sel[n] = row;');
  code.emit('n++;');
  const bytes = grows
    .filter(({ register }) => layoutOf(register.type) !== 'exact')
    .map(({ at }) => `o${at}.bytes`);
  if (bytes.length > 0) code.emit(`if (${bytes.join(' + ')} >= ${limits.batchBytesMax}) { row++; break; }`);
  return { source: frame(code, pool, computed, firstConstant), used: code.used, outputs };
}

/** Whether the value is a part of a source's text: its bytes are shared. */
const isPart = ({ slice }: Register): boolean => slice !== undefined && slice.column !== madeText;

/** Whether the output column is made by a ColumnBuilder rather than in plain arrays. */
export function isBuilt(type: LogicalType, wide: boolean): boolean {
  const layout = layoutOf(type);
  return (
    layout === 'bytes' ||
    layout === 'row' ||
    layout === 'list' ||
    layout === 'map' ||
    (layout === 'exact' && wide)
  );
}

function store(code: Code, register: Register, at: number): void {
  const { type, isNull } = register;
  if (register.slice?.column === madeText) {
    const { data, start, length } = register.slice;
    const append = `o${at}.appendBytes(${data}, ${start}, ${length});`;
    code.emit(isNull === 'false' ? append : `if (${isNull}) o${at}.appendNull(); else ${append}`);
    return;
  }
  if (register.slice !== undefined) {
    const { start, length } = register.slice;
    code.emit(
      `o${at}v[n] = ${isNull === 'false' ? '1' : `${isNull} ? 0 : 1`}; o${at}s[n] = ${start}; o${at}l[n] = ${length};`,
    );
    return;
  }
  if (isBuilt(type, code.wide)) {
    const value = isNull === 'true' ? 'null' : code.toValue(register);
    code.emit(
      `o${at}.append(${isNull === 'false' || isNull === 'true' ? value : `${isNull} ? null : ${value}`});`,
    );
    return;
  }
  code.emit(`o${at}v[n] = ${isNull === 'false' ? '1' : isNull === 'true' ? '0' : `${isNull} ? 0 : 1`};`);
  if (isNull === 'true') return;
  code.emit(`o${at}[n] = ${type.kind === 'BOOLEAN' ? `${register.value} ? 1 : 0` : register.value};`);
  if (register.nanos !== '0') code.emit(`o${at}m[n] = ${register.nanos};`);
}

/** The whole function around the loop's body. */
function frame(
  code: Code,
  pool: Pool,
  computed: readonly { register: Register; at: number }[],
  firstConstant: number,
): string {
  const head: string[] = [];
  const body = code.lines.join('\n');
  for (const i of code.used) {
    head.push(...loadSource(i, pool.sourceTypes[i]!, code.wide).filter((line) => mentions(body, line)));
  }
  for (let i = firstConstant; i < pool.constants.length; i++) head.push(`const k${i} = k[${i}];`);
  for (let i = 0; i < pool.calls.length; i++)
    if (new RegExp(`\\bf${i}\\(`).test(body)) head.push(`const f${i} = f[${i}];`);
  for (const { register, at } of computed) {
    if (isPart(register))
      head.push(`const o${at}v = o[${at}].valid, o${at}s = o[${at}].starts, o${at}l = o[${at}].lengths;`);
    else if (isBuilt(register.type, code.wide)) head.push(`const o${at} = o[${at}].builder;`);
    else {
      head.push(`const o${at} = o[${at}].values, o${at}v = o[${at}].valid;`);
      if (register.nanos !== '0') head.push(`const o${at}m = o[${at}].nanos;`);
    }
  }
  return [
    `function calc${code.wide ? 'Wide' : ''}(s, from, to, sel, o, f, state) {`,
    ...head.map((line) => `  ${line}`),
    '  let row = from, n = 0;',
    '  try {',
    '    rows: for (; row < to; row++) {',
    ...(code.makesText ? ['      beginText();'] : []),
    body,
    '    }',
    '  } finally {',
    '    state.rows = n;',
    '    state.next = row;',
    '  }',
    '}',
  ].join('\n');
}

/** Whether the body uses what a `const a = …, b = …;` line declares. */
function mentions(body: string, line: string): boolean {
  return [...line.matchAll(/(\w+) = /g)].some(([, name]) => new RegExp(`\\b${name}\\b`).test(body));
}

function loadSource(i: number, type: LogicalType, wide: boolean): string[] {
  const column = `s[${i}]`;
  const lines = [`const c${i}n = validOf(${column}, to);`];
  switch (layoutOf(type)) {
    case 'i32':
    case 'f64':
      return [`const c${i} = ${column}.values;`, ...lines];
    case 'exact':
      return [`const c${i} = ${column}${wide ? '' : '.values'};`, ...lines];
    case 'time':
      return [`const c${i} = ${column}.millis, c${i}m = nanosOf(${column}, to);`, ...lines];
    case 'bytes':
      return [
        `const c${i} = ${column}.data, c${i}s = ${column}.starts, c${i}l = ${column}.lengths;`,
        ...lines,
      ];
    default:
      return [`const c${i} = ${column}, c${i}t = types[${i}];`, ...lines];
  }
}
