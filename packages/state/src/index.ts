export * from './bytes.ts';
export * from './heap-bytes.ts';
export * from './keyed-table.ts';
export * from './slot-column.ts';
export * from './value-bytes.ts';
