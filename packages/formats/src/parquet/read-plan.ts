/* How the columns of a table are read from the columns of a file: by name, at every depth; a column that the file does not have
 * is NULL, as in Flink. Only leaves that are needed are named. */

import { UserError } from '#base';
import { mapTypes, typeText, type Field, type LogicalType, type Value } from '#data';
import type { LeafCursor } from './leaf-cursor.ts';
import { leafValue } from './leaf-values.ts';
import { isLeaf, listShape, mapShape, type ParquetNode } from './schema-tree.ts';
import type { Times } from './times.ts';

/** Reads one value; the cursors are those of `leaves`, by their numbers. */
type Read = () => Value;
/** What is read of a node: with the cursors of a group it becomes a function. */
interface Plan {
  readonly leaves: readonly ParquetNode[];
  bind(cursors: ReadonlyMap<number, LeafCursor>): Read;
}
export interface RowPlan {
  readonly leaves: readonly ParquetNode[];
  /** One function a field. */
  bind(cursors: ReadonlyMap<number, LeafCursor>): readonly Read[];
}

const absent: Plan = { leaves: [], bind: () => () => null };

/** Throws FMT1006 for a column whose values are of another type in the file. */
export function planRows(root: ParquetNode, fields: readonly Field[], times: Times): RowPlan {
  const plans = fields.map((f) => planField(root, f, f.name, times));
  return {
    leaves: plans.flatMap((p) => p.leaves),
    bind: (cursors) => plans.map((p) => p.bind(cursors)),
  };
}

function planField(parent: ParquetNode, field: Field, path: string, times: Times): Plan {
  const node = parent.children.find((c) => c.name === field.name);
  return node === undefined ? absent : planValue(node, field.type, path, times);
}
function planValue(node: ParquetNode, type: LogicalType, path: string, times: Times): Plan {
  switch (type.kind) {
    case 'ARRAY': {
      const shape = listShape(node);
      if (shape === undefined) throw mismatch(node, type, path);
      const { present, repeated } = shape;
      const isOwnElement = shape.element === repeated;
      const element = isOwnElement
        ? planElement(repeated, type.element, path, times)
        : planValue(shape.element, type.element, path, times);
      return repeatedPlan(
        present,
        repeated,
        [element],
        ([item]) => item!(),
        (items) => items,
      );
    }
    case 'MAP':
    case 'MULTISET': {
      const shape = mapShape(node);
      if (shape === undefined) throw mismatch(node, type, path);
      const [keyType, valueType] = mapTypes(type);
      const parts = [
        planValue(shape.key, keyType, `${path}.key`, times),
        planValue(shape.value, valueType, `${path}.value`, times),
      ];
      return repeatedPlan(
        shape.present,
        shape.repeated,
        parts,
        ([key, value]): readonly [Value, Value] => [key!(), value!()],
        (entries) => ({ entries }),
      );
    }
    default:
      if (node.element.repetition_type === 'REPEATED') throw mismatch(node, type, path);
      return planElement(node, type, path, times);
  }
}
/** A value that is no list and no map, of a node that may be repeated. */
function planElement(node: ParquetNode, type: LogicalType, path: string, times: Times): Plan {
  if (type.kind === 'ROW') return rowPlan(node, type.fields, type, path, times);
  if (type.kind === 'ARRAY' || type.kind === 'MAP' || type.kind === 'MULTISET')
    throw mismatch(node, type, path);
  const toValue = isLeaf(node) ? leafValue(node.element, type, times) : undefined;
  if (toValue === undefined) throw mismatch(node, type, path);
  return {
    leaves: [node],
    bind: (cursors) => {
      const cursor = cursors.get(node.column)!;
      return () => {
        const raw = cursor.next();
        return raw === null ? null : toValue(raw);
      };
    },
  };
}
function rowPlan(
  node: ParquetNode,
  fields: readonly Field[],
  type: LogicalType,
  path: string,
  times: Times,
): Plan {
  if (isLeaf(node)) throw mismatch(node, type, path);
  const parts = fields.map((f) => planField(node, f, `${path}.${f.name}`, times));
  const read = parts.flatMap((p) => p.leaves);
  // Of a row without a field in the file something says whether it is there.
  const witness = read.length === 0 ? firstLeaf(node) : undefined;
  const leaves = witness === undefined ? read : [witness];
  return {
    leaves,
    bind: (cursors) => {
      const own = leaves.map((l) => cursors.get(l.column)!);
      const first = own[0]!;
      const reads = parts.map((p) => p.bind(cursors));
      const skip = witness && skipValue(witness, first);
      return () => {
        if (first.definition() < node.definition) {
          for (const cursor of own) cursor.pass();
          return null;
        }
        skip?.(node.repetition);
        return reads.map((one) => one());
      };
    },
  };
}
/** Passes over all that a leaf has of one value of a node above it. */
function skipValue(leaf: ParquetNode, cursor: LeafCursor): (repetition: number) => void {
  return (repetition) => {
    do cursor.next();
    while (leaf.repetition > repetition && cursor.repetition() > repetition);
  };
}
function firstLeaf(node: ParquetNode): ParquetNode {
  return isLeaf(node) ? node : firstLeaf(node.children[0]!);
}

function repeatedPlan<T>(
  present: number,
  repeated: ParquetNode,
  parts: readonly Plan[],
  item: (reads: readonly Read[]) => T,
  whole: (items: readonly T[]) => Value,
): Plan {
  const leaves = parts.flatMap((p) => p.leaves);
  return {
    leaves,
    bind: (cursors) => {
      const own = leaves.map((l) => cursors.get(l.column)!);
      const first = own[0]!;
      const reads = parts.map((p) => p.bind(cursors));
      return () => {
        const definition = first.definition();
        if (definition < repeated.definition) {
          for (const cursor of own) cursor.pass();
          return definition < present ? null : whole([]);
        }
        const items: T[] = [];
        do items.push(item(reads));
        while (first.repetition() === repeated.repetition);
        return whole(items);
      };
    },
  };
}

function mismatch(node: ParquetNode, type: LogicalType, path: string): UserError {
  return new UserError('FMT1006', {
    message: `column '${path}' is ${typeText(type)}, and in the file ${physicalText(node)}`,
    hint: 'CREATE TABLE without columns takes those of the file.',
  });
}
/** What a node is in a file: `INT64 (TIMESTAMP)`, `a group of key, value`. */
export function physicalText({ element, children }: ParquetNode): string {
  if (children.length > 0) return `a group of ${children.map((c) => c.name).join(', ')}`;
  const annotation = element.logical_type?.type ?? element.converted_type;
  const repeated = element.repetition_type === 'REPEATED' ? 'repeated ' : '';
  return `${repeated}${element.type ?? 'nothing'}${annotation === undefined ? '' : ` (${annotation})`}`;
}
