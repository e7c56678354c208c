export * from './plain/corrupt.ts';
export * from './plain/crc32c.ts';
export * from './plain/lz4.ts';
export * from './plain/snappy.ts';
export * from './plain/lz4-compress.ts';
export * from './plain/snappy-compress.ts';
