/* The flags of millrace run. */

export interface RunFlags {
  readonly target: string;
  readonly set: readonly string[];
  readonly name?: string;
  readonly stateDir?: string;
  readonly fresh?: boolean;
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
  readonly parallelism?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly alerts?: string;
  readonly alertsState?: string;
  readonly alertsEvery?: string;
}
