/* Expressions by chance, from one seed: a shape, and in its places samples that fit it, or now and then anything. */

import { readFileSync } from 'node:fs';
import { Rng } from '#base';
import { anything, lists, places } from './places.ts';
import { isTextList, sampleColumns } from './table.ts';
import { typeByName, type SampleType } from './values.ts';

/** An expression, and what it was made of. */
export interface Generated {
  readonly shape: string;
  /** The text around the arguments, one more than there are. */
  readonly pieces: readonly string[];
  readonly args: readonly Argument[];
}
export interface Argument {
  readonly sql: string;
  /** What else could stand there: values of the same type or texts of the same list. */
  readonly others: readonly string[];
  /** The sample type, if it is one of a type. */
  readonly type?: string;
  readonly list?: string;
}

export const textOf = ({ pieces }: Generated, args: readonly string[]): string =>
  pieces.reduce((sql, piece, i) => sql + args[i - 1]! + piece);
export const sqlOf = (g: Generated): string =>
  textOf(
    g,
    g.args.map((a) => a.sql),
  );

/** All shapes, alternatives written out. */
export const shapes: readonly string[] = [...new Set(readShapes())];

function readShapes(): string[] {
  const lines = readFileSync(new URL('./shapes.txt', import.meta.url), 'utf8').split('\n');
  return lines.filter((l) => l !== '' && !l.startsWith('#')).flatMap(alternatives);
}
function alternatives(line: string): string[] {
  const found = /\{([^{}']*\|[^{}']*)\}/.exec(line);
  if (found === null) return [line];
  const [all, inside] = found as unknown as [string, string];
  return inside
    .split('|')
    .flatMap((one) => alternatives(line.slice(0, found.index) + one + line.slice(found.index + all.length)));
}

const place = /@([A-Z_]+?)(\d?)(?![A-Z_\d])|@([a-z]\w*)/g;
/** How often a place takes what it does not ask for. */
const oddChance = 0.04;
/** How often a pattern, path or format is no constant. */
const listColumnChance = 0.3;
const columnNames = new Set(sampleColumns.map((c) => c.name));

export class Generator {
  readonly #rng: Rng;
  constructor(seed: number) {
    this.#rng = new Rng(seed);
  }
  fill(shape: string): Generated {
    const pieces: string[] = [];
    const args: Argument[] = [];
    const types = new Map<string, SampleType>();
    let at = 0;
    for (const match of shape.matchAll(place)) {
      pieces.push(shape.slice(at, match.index));
      at = match.index + match[0].length;
      const [, kind, same, list] = match;
      args.push(list === undefined ? this.#sample(kind!, same!, types) : this.#text(list));
    }
    pieces.push(shape.slice(at));
    return { shape, pieces, args };
  }
  #sample(kind: string, same: string, types: Map<string, SampleType>): Argument {
    let type = same === '' ? undefined : types.get(kind + same);
    if (type === undefined) {
      const names = this.#rng.double() < oddChance ? anything : places[kind];
      if (names === undefined) throw new Error(`no place @${kind}`);
      type = typeByName.get(this.pick(names))!;
    }
    if (same !== '') types.set(kind + same, type);
    return { sql: this.pick(type.values), others: type.values, type: type.name };
  }
  #text(list: string): Argument {
    const texts = lists[list];
    if (texts === undefined) throw new Error(`no list @${list}`);
    return { sql: this.pick(texts), others: texts, list };
  }
  /** Over columns of the table of samples, where its arguments have some. */
  overColumns(g: Generated): string {
    const args = g.args.map((arg, i) => {
      const name =
        arg.type ?? (isTextList(arg.others) && this.#rng.double() < listColumnChance ? arg.list : undefined);
      if (name === undefined) return arg.sql;
      const column = `${arg.type === undefined ? 'L_' : ''}${name}_${i % 3}${this.#rng.double() < 0.3 ? 'n' : ''}`;
      return columnNames.has(column) ? `\`${column}\`` : arg.sql;
    });
    return textOf(g, args);
  }
  pick<T>(from: readonly T[]): T {
    return this.#rng.pick(from);
  }
}
