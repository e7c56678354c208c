/* A regular expression of Java, read: flags are in the nodes that they change, quotes and classes are resolved. */

import type { CodePoints } from './code-points.ts';

export type Node =
  /** One code point of a set. */
  | { readonly kind: 'set'; readonly set: CodePoints }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'either'; readonly options: readonly Node[] }
  /** Group `index`, from 1. */
  | { readonly kind: 'capture'; readonly index: number; readonly node: Node }
  | {
      readonly kind: 'repeat';
      readonly node: Node;
      readonly min: number;
      readonly max: number; // Infinity
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  /** Once matched, never matched otherwise. */
  | { readonly kind: 'atomic'; readonly node: Node }
  | {
      readonly kind: 'look';
      readonly ahead: boolean;
      readonly negated: boolean;
      readonly node: Node;
      /** Lengths that what stands behind may have, of a look behind. */
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'back'; readonly group: number; readonly ignoreCase: 'no' | 'ascii' | 'unicode' }
  | { readonly kind: 'at'; readonly place: Place };

/** Places between characters. `line…` with only \n as a line's end where `unixLines`. */
export type Place =
  | 'start'
  | 'end'
  | 'end-or-last-line-end'
  | 'end-or-last-newline'
  | 'line-start'
  | 'line-end'
  | 'unix-line-start'
  | 'unix-line-end'
  | 'word-border'
  | 'no-word-border'
  | 'unicode-word-border'
  | 'no-unicode-word-border'
  | 'last-match-end';

export interface JavaPattern {
  readonly node: Node;
  /** How many groups there are. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

export const empty: Node = { kind: 'sequence', parts: [] };

/** How many UTF-16 units a match of the node can have. */
export function lengths(node: Node): { readonly min: number; readonly max: number } {
  switch (node.kind) {
    case 'set': {
      const last = node.set.at(-1) ?? 0;
      return { min: (node.set[0] ?? 0) > 0xffff ? 2 : 1, max: last > 0xffff ? 2 : 1 };
    }
    case 'sequence': {
      const all = node.parts.map(lengths);
      return { min: sum(all.map((l) => l.min)), max: sum(all.map((l) => l.max)) };
    }
    case 'either': {
      const all = node.options.map(lengths);
      return { min: Math.min(...all.map((l) => l.min)), max: Math.max(...all.map((l) => l.max)) };
    }
    case 'repeat': {
      const { min, max } = lengths(node.node);
      return { min: min * node.min, max: max === 0 ? 0 : max * node.max };
    }
    case 'capture':
    case 'atomic':
      return lengths(node.node);
    case 'look':
    case 'at':
      return { min: 0, max: 0 };
    case 'back':
      return { min: 0, max: Infinity };
  }
}
const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);

export const childrenOf = (node: Node): readonly Node[] =>
  node.kind === 'sequence'
    ? node.parts
    : node.kind === 'either'
      ? node.options
      : 'node' in node
        ? [node.node]
        : [];

export const some = (node: Node, test: (n: Node) => boolean): boolean =>
  test(node) || childrenOf(node).some((n) => some(n, test));
