/* Kinds of change that a stream may carry, as a set. */

export type ChangeLetter = '+I' | '-U' | '+U' | '-D';

export interface ChangelogMode {
  readonly insert: boolean;
  readonly updateBefore: boolean;
  readonly updateAfter: boolean;
  readonly delete: boolean;
  /** A delete may carry the key alone, other cells null (Flink's `D(key-only)`): upsert sources and sinks. */
  readonly keyOnlyDelete: boolean;
}

const mode = (
  insert: boolean,
  updateBefore: boolean,
  updateAfter: boolean,
  del: boolean,
  keyOnlyDelete = false,
): ChangelogMode => ({ insert, updateBefore, updateAfter, delete: del, keyOnlyDelete });

export const insertOnly = mode(true, false, false, false);
export const allChanges = mode(true, true, true, true);
/** +I +U -D, by key: no -U. */
export const upsertChanges = mode(true, false, true, true);
export const upsertKeyOnlyDelete = mode(true, false, true, true, true);

export const isInsertOnly = (m: ChangelogMode): boolean => !m.updateBefore && !m.updateAfter && !m.delete;
export const hasUpdates = (m: ChangelogMode): boolean => m.updateBefore || m.updateAfter;

/** `[I,UB,UA,D]`, as EXPLAIN CHANGELOG_MODE prints it. */
export function changelogText(m: ChangelogMode): string {
  const parts = [
    m.insert && 'I',
    m.updateBefore && 'UB',
    m.updateAfter && 'UA',
    m.delete && (m.keyOnlyDelete ? 'D(key-only)' : 'D'),
  ];
  return `[${parts.filter(Boolean).join(',')}]`;
}
