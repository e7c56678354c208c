export * from './dead-letter.ts';
export * from './plan.ts';
export * from './specs/index.ts';
