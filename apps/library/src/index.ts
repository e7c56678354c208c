export { Millrace, type MillraceOptions, type QueryChange, type TableDefinition } from './millrace.ts';
export type { FunctionDefinition } from './user-function.ts';
export type { Job } from './job.ts';
export { ExternalError, MillraceError, UserError } from '#base';
