export * from './bad-rows.ts';
export * from './lookup.ts';
export * from './model.ts';
export * from './operator.ts';
export * from './runtime.ts';
export * from './sink.ts';
export * from './source.ts';
export * from './trouble.ts';
