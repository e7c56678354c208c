/* VARIANT bytes: what a real Flink writes, and any tree read back. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  variantElement,
  variantKind,
  variantMember,
  variantText,
  VariantDecimal,
  VariantError,
  VariantObject,
  writeVariant,
  type VariantNode,
} from '#data';

const hex = (node: VariantNode, allowDuplicates = false): string =>
  Buffer.from(writeVariant(node, allowDuplicates)).toString('hex');
const text = (bytes: Uint8Array): string => variantText(bytes, String);
const object = (...members: (readonly [string, VariantNode])[]): VariantObject => new VariantObject(members);

/** No names: version 1, offsets of one byte, 0 names, the end of nothing. */
const noNames = '010000';

describe('bytes by the specification of the encoding', () => {
  test.each<[string, VariantNode, string]>([
    ['null', null, '00'],
    ['true', true, '04'],
    ['false', false, '08'],
    ['an integer of 8 bits', -1n, '0cff'],
    ['of 16', 128n, '108000'],
    ['of 32', -32769n, '14ff7fffff'],
    ['of 64', 2147483648n, '180000008000000000'],
    ['a double', 1000, '1c0000000000408f40'],
    ['a decimal of 4 bytes', new VariantDecimal(-250n, 2), '200206ffffff'],
    ['of 8, for its scale', new VariantDecimal(1n, 10), '240a0100000000000000'],
    ['of 16', new VariantDecimal(10n ** 18n, 0), '28000000' + '64a7b3b6e00d' + '0000000000000000'],
    ['a short text', 'é', '09c3a9'],
    ['an array', [1n, 'a'], '0302' + '000204' + '0c010561'],
    ['an empty one', [], '030000'],
  ])('%s', (_, node, value) => {
    expect(hex(node)).toBe(noNames + value);
  });
  test('an object has its names in order, its values as they came', () => {
    expect(hex(object(['b', 1n], ['a', object()]))).toBe(
      // Names b, a. Two members: ids 1, 0; offsets 2, 0, end 5.
      '0102000102' + '6261' + '0202' + '0100' + '020005' + '0c01' + '020000',
    );
  });
  test('a long text says its length in four bytes', () => {
    expect(hex('x'.repeat(64))).toBe(`${noNames}4040000000${'78'.repeat(64)}`);
  });
  test('more than 255 members are counted in four bytes', () => {
    expect(hex(Array.from({ length: 256 }, () => null)).slice(6, 16)).toBe('1700010000');
  });
  test('the last value of a name stays where that is allowed, and all names', () => {
    expect(text(writeVariant(object(['a', object(['x', 1n])], ['a', 2n]), true))).toBe('{"a":2}');
    expect(hex(object(['a', object(['x', 1n])], ['a', 2n]), true)).toBe(
      '0102000102' + '6178' + '0201' + '00' + '0002' + '0c02',
    );
    expect(() => writeVariant(object(['a', 1n], ['a', 2n]), false)).toThrow(VariantError);
  });
});

/** The text that a tree has, made of the tree alone. */
function textOf(node: VariantNode): string {
  if (node === null || typeof node === 'boolean' || typeof node === 'bigint' || typeof node === 'number')
    return String(node);
  if (typeof node === 'string') return JSON.stringify(node);
  if (node instanceof VariantObject) {
    const members = node.members.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join(',')}}`;
  }
  return `[${(node as readonly VariantNode[]).map(textOf).join(',')}]`;
}

const { tree } = fc.letrec<{ tree: VariantNode }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<VariantNode>(null, true, false),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((v) => v + 0.5),
    fc.stringMatching(/^[a-z é]{0,70}$/),
    fc.array(tie('tree'), { maxLength: 300 }),
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{0,3}$/), tie('tree')), {
        maxLength: 300,
        selector: ([name]) => name,
      })
      .map((members) => new VariantObject(members)),
  ),
}));

describe('any tree', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(text(writeVariant(node, false))).toBe(textOf(node));
      }),
      { numRuns: 300 },
    );
  });
  test('gives its members and elements, and nothing else', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const bytes = writeVariant(node, false);
        if (node instanceof VariantObject) {
          expect(variantKind(bytes)).toBe('object');
          for (const [name, value] of node.members)
            expect(text(variantMember(bytes, name)!)).toBe(textOf(value));
          expect(variantMember(bytes, 'no such')).toBeUndefined();
        } else if (Array.isArray(node)) {
          expect(variantKind(bytes)).toBe('array');
          node.forEach((value: VariantNode, i) => {
            expect(text(variantElement(bytes, i + 1)!)).toBe(textOf(value));
          });
          expect(variantElement(bytes, 0)).toBeUndefined();
          expect(variantElement(bytes, node.length + 1)).toBeUndefined();
        }
      }),
      { numRuns: 100 },
    );
  });
});
