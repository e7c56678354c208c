export * from './context.ts';
export * from './expression.ts';
