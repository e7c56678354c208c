export type * from './ast/index.ts';
export { isReserved, keywords } from './keywords.ts';
export * from './parse.ts';
export { printExpression } from './printer/expressions.ts';
export { quoteName } from './printer/names.ts';
export { printQuery } from './printer/queries.ts';
export { printStatement } from './printer/statements.ts';
export { printDataType } from './printer/types.ts';
export { splitStatement } from './split.ts';
