/* What is asked: expressions by chance, each once, from one seed. */

import { Generator, shapes, sqlOf } from './generate.ts';

/** An expression, and under which shape its differences go. */
export interface Asked {
  readonly shape: string;
  readonly sql: string;
}
export interface Corpus {
  readonly overColumns: readonly Asked[];
  readonly literals: readonly Asked[];
  /** What we refuse, or fail on, is asked alone, and costs a statement: one in so many, or the first of each shape. */
  readonly refused: number | 'one of a shape';
}
export interface CorpusOptions {
  readonly seed: number;
  /** How many expressions: four over columns, then one of literals. */
  readonly count: number;
  /** Only shapes in which this regular expression occurs. */
  readonly only?: string;
  readonly mode?: 'columns' | 'literals';
}

/** Expressions of literals to those of columns. */
const literalsEvery = 5;
/** How often a shape may give what it gave before, until there is nothing new to expect. */
const triesMax = 4;

export function corpus({ seed, count, only, mode }: CorpusOptions): Corpus {
  const generator = new Generator(seed);
  const chosen = shapes.filter((s) => only === undefined || new RegExp(only).test(s));
  if (chosen.length === 0) throw new Error(`no shape has "${only}"`);
  const seen = new Set<string>();
  const lists = { columns: [] as Asked[], literals: [] as Asked[] };
  for (let i = 0; i < count * triesMax && seen.size < count; i++) {
    const shape = chosen[i % chosen.length]!;
    const g = generator.fill(shape);
    const kind = mode ?? (seen.size % literalsEvery === literalsEvery - 1 ? 'literals' : 'columns');
    const sql = kind === 'columns' ? generator.overColumns(g) : sqlOf(g);
    if (!seen.has(sql)) lists[kind].push({ shape, sql });
    seen.add(sql);
  }
  return { overColumns: lists.columns, literals: lists.literals, refused: 12 };
}
