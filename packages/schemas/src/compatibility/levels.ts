/* Compatibility levels: who must be able to read whom, and how far back. */

import type { ParsedSchema } from '../parsed-schema.ts';
import { errorText, type Incompatibility } from './incompatibility.ts';

export const compatibilityLevels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;
export type CompatibilityLevel = (typeof compatibilityLevels)[number];

export const isLevel = (text: unknown): text is CompatibilityLevel =>
  (compatibilityLevels as readonly unknown[]).includes(text);

/** `backward`: the new schema reads old data; `forward`: the old schema reads new data. */
export type Direction = 'backward' | 'forward';
const directions: Readonly<Record<CompatibilityLevel, readonly Direction[]>> = {
  NONE: [],
  BACKWARD: ['backward'],
  BACKWARD_TRANSITIVE: ['backward'],
  FORWARD: ['forward'],
  FORWARD_TRANSITIVE: ['forward'],
  FULL: ['backward', 'forward'],
  FULL_TRANSITIVE: ['backward', 'forward'],
};
/** Which side reads and which writes, by their names. */
export const sides: Readonly<Record<Direction, readonly [reader: string, writer: string]>> = {
  backward: ['new', 'old'],
  forward: ['old', 'new'],
};

export interface PreviousSchema {
  readonly version: number;
  readonly schema: ParsedSchema;
}
export interface Finding {
  readonly direction: Direction;
  readonly incompatibility: Incompatibility;
}
/** A previous schema that the new one is not compatible with. */
export interface Conflict {
  readonly version: number;
  readonly schema: ParsedSchema;
  readonly findings: readonly Finding[];
}

function findingsOf(next: ParsedSchema, previous: ParsedSchema, level: CompatibilityLevel): Finding[] {
  return directions[level].flatMap((direction) => {
    const [reader, writer] = direction === 'backward' ? [next, previous] : [previous, next];
    return reader.cannotRead(writer).map((incompatibility) => ({ direction, incompatibility }));
  });
}

/** The newest of the previous schemas, given oldest first, that the level forbids `next` to follow; undefined where it may.
 *  Levels that are not transitive look at the latest alone. */
export function conflictOf(
  next: ParsedSchema,
  previous: readonly PreviousSchema[],
  level: CompatibilityLevel,
): Conflict | undefined {
  const asked = level.endsWith('_TRANSITIVE') ? previous : previous.slice(-1);
  for (const { version, schema } of asked.toReversed()) {
    const findings = findingsOf(next, schema, level);
    if (findings.length > 0) return { version, schema, findings };
  }
  return undefined;
}

/** The messages of a conflict, as Confluent's registry gives them: one a finding, then the schema that was held against. */
export const conflictMessages = ({ version, schema, findings }: Conflict): string[] => [
  ...findings.map(({ direction, incompatibility }) => errorText(incompatibility, ...sides[direction])),
  `{oldSchemaVersion: ${version}}`,
  `{oldSchema: '${schema.text}'}`,
];
