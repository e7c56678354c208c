export * from './changelog.ts';
export * from './connector.ts';
export * from './keeper.ts';
export * from './model.ts';
export * from './options.ts';
export * from './row-condition.ts';
export * from './store.ts';
export * from './table.ts';
