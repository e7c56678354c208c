export type * from './ast/index.ts';
export { keywords } from './keywords.ts';
export * from './parse.ts';
export { splitStatement } from './split.ts';
