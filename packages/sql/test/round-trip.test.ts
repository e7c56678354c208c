import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  parseDataType,
  parseExpression,
  parseQuery,
  parseStatement,
  printDataType,
  printExpression,
  printQuery,
  printStatement,
} from '#sql';
import { type, withoutPlaces } from './trees/parts.ts';
import { statements } from './trees/statements.ts';
import { trees } from './trees/trees.ts';

/** A seed of its own makes a run repeatable; a failure prints the shrunk tree. */
const runs = { seed: 20_240_101, numRuns: 400 };

function survives<T>(print: (tree: T) => string, parse: (text: string) => T): (tree: T) => void {
  return (tree) => {
    const text = print(tree);
    const again = parse(text);
    expect(withoutPlaces(again), text).toEqual(withoutPlaces(tree));
    expect(print(again)).toBe(text);
  };
}

test('every type survives printing and parsing', () => {
  fc.assert(fc.property(type, survives(printDataType, parseDataType)), runs);
});

test('every expression survives printing and parsing', () => {
  fc.assert(fc.property(trees.expression, survives(printExpression, parseExpression)), runs);
});

test('every query survives printing and parsing', () => {
  fc.assert(fc.property(trees.query, survives(printQuery, parseQuery)), runs);
});

test('every statement survives printing and parsing', () => {
  fc.assert(fc.property(statements, survives(printStatement, parseStatement)), runs);
});
