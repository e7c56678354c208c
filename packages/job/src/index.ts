export * from './plan.ts';
export * from './specs/index.ts';
