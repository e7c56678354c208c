export * from './context.ts';
export * from './expression.ts';
export * from './aggregate-calls.ts';
