export * from './format.ts';
export * from './formats.ts';
export * from './framing.ts';
export * from './malformed.ts';
export * from './text/numbers.ts';
export * from './text/time.ts';
export * from './json/scan/scanner.ts';
