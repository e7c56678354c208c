/* What a comparison of objects or arrays asks of the whole one. */

import type { Incompatibility } from '../compatibility/incompatibility.ts';
import type { Located } from './documents.ts';
import type { Node } from './node.ts';

export type TypedNode = Extract<Node, { kind: 'typed' }>;
export type Side = 'reader' | 'writer';

export interface Comparer {
  /** Why a value of the writer's schema may be wrong by the reader's; both by their places. */
  schemas(reader: Located, writer: Located, path: string): readonly Incompatibility[];
  /** Everything is right by it. */
  isAny(at: Located, side: Side): boolean;
  /** Nothing is. */
  isNever(at: Located, side: Side): boolean;
}
