/* What one of the two engines made of a case. */

import type { Change } from './printed.ts';

export interface Described {
  readonly name: string;
  /** Without NOT NULL. */
  readonly type: string;
  readonly nullable: boolean;
}
export interface Answer {
  /** 'refused' when it does not plan, 'failed' when it does not run, 'bug' when we broke. */
  readonly error?: 'refused' | 'failed' | 'bug';
  readonly message?: string;
  readonly columns: readonly Described[];
  readonly changes: readonly Change[];
}
export const none = (error: NonNullable<Answer['error']>, message: string): Answer => ({
  error,
  message,
  columns: [],
  changes: [],
});
