export * from './errors.ts';
export * from './messages/index.ts';
export * from './wire/call.ts';
export * from './wire/frame.ts';
export * from './wire/reader.ts';
export * from './wire/sparse.ts';
export * from './wire/uuid.ts';
export * from './wire/writer.ts';
