export * from './changelog.ts';
export * from './connector.ts';
export * from './options.ts';
export * from './table.ts';
