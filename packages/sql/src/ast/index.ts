export * from './expressions.ts';
export * from './names.ts';
export * from './queries.ts';
export * from './statements.ts';
