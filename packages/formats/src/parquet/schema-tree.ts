/* The schema of a file as a tree. A value lies in a file with two numbers (the Dremel encoding): how many of the optional and
 * repeated nodes above it are there, and which of the repeated ones goes on. */

import type { FileMetaData, SchemaElement } from 'hyparquet';
import { malformed } from './malformed.ts';

export interface ParquetNode {
  readonly name: string;
  readonly element: SchemaElement;
  readonly children: readonly ParquetNode[];
  /** How many nodes down to this one may be absent: a value with a smaller definition level lacks this one. */
  readonly definition: number;
  /** How many nodes down to this one are repeated. */
  readonly repetition: number;
  /** From the root to this one. */
  readonly path: readonly SchemaElement[];
  /** Of a leaf its number among all; of a group that of its first leaf. */
  readonly column: number;
}

/** The root. Throws MalformedRecord. */
export function schemaTree({ schema }: Pick<FileMetaData, 'schema'>): ParquetNode {
  let at = 0;
  let leaves = 0;
  const next = (path: readonly SchemaElement[], definition: number, repetition: number): ParquetNode => {
    const element = schema[at++];
    if (element === undefined) throw malformed('the schema in the footer ends before its last group does');
    if (path.length > depthMax) throw malformed('the schema in the footer is nested too deep');
    const kind = path.length === 0 ? 'REQUIRED' : element.repetition_type;
    const here = [...path, element];
    const def = definition + (kind === 'REQUIRED' ? 0 : 1);
    const rep = repetition + (kind === 'REPEATED' ? 1 : 0);
    const column = leaves;
    const children: ParquetNode[] = [];
    for (let i = 0; i < (element.num_children ?? 0); i++) children.push(next(here, def, rep));
    if (children.length === 0 && path.length > 0) {
      if (element.type === undefined) throw malformed(`'${element.name}' in the footer has no type`);
      leaves++;
    }
    const { name } = element;
    return { name, element, children, definition: def, repetition: rep, path: here, column };
  };
  const root = next([], 0, 0);
  if (at !== schema.length) throw malformed('the schema in the footer goes on behind its last group');
  return root;
}
const depthMax = 100;

export const isLeaf = (node: ParquetNode): boolean => node.children.length === 0;
const isRepeated = (node: ParquetNode): boolean => node.element.repetition_type === 'REPEATED';

export interface ListShape {
  /** A null list has a smaller definition level than `present`; an empty one a smaller one than `repeated` has. */
  readonly present: number;
  readonly repeated: ParquetNode;
  readonly element: ParquetNode;
}
/** What a node is as a list, with the forms of older writers ("Backward-compatibility rules" of Parquet's logical types);
 *  undefined for what is none. */
export function listShape(node: ParquetNode): ListShape | undefined {
  // A repeated field without a list around it.
  if (isRepeated(node)) return { present: node.definition - 1, repeated: node, element: node };
  const [repeated] = node.children;
  if (repeated === undefined || node.children.length !== 1 || !isRepeated(repeated)) return undefined;
  const isElement =
    repeated.children.length !== 1 || repeated.name === 'array' || repeated.name === `${node.name}_tuple`;
  return { present: node.definition, repeated, element: isElement ? repeated : repeated.children[0]! };
}
export interface MapShape {
  readonly present: number;
  readonly repeated: ParquetNode;
  readonly key: ParquetNode;
  readonly value: ParquetNode;
}
export function mapShape(node: ParquetNode): MapShape | undefined {
  const [repeated] = node.children;
  if (repeated === undefined || node.children.length !== 1) return undefined;
  if (!isRepeated(repeated) || repeated.children.length !== 2) return undefined;
  const [key, value] = repeated.children;
  return { present: node.definition, repeated, key: key!, value: value! };
}
