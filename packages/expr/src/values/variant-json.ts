/* JSON text as VARIANT, and back. */

import { VariantDecimal, VariantObject, variantText, writeVariant, type VariantNode } from '#data';
import { digitsOf, parseDecimal } from './decimal.ts';
import { JsonSyntaxError, parseJsonAs, type JsonMaker } from './json.ts';
import { formatDouble } from './number-text.ts';

const decimalDigitsMax = 38;
/** Jackson reads no longer numbers. */
const numberDigitsMax = 1000;

const nodes: JsonMaker<VariantNode> = {
  plain: (value) => value,
  number: numberNode,
  array: (items) => items,
  object: (members) => new VariantObject(members),
};

/** An integer of 64 bits as such; what is written without an exponent as DECIMAL, if 38 digits hold it; else a DOUBLE. */
function numberNode(digits: string): VariantNode {
  if (digits.replace('-', '').length > numberDigitsMax)
    throw new JsonSyntaxError(`a number of more than ${numberDigitsMax} digits`);
  if (/e/i.test(digits)) return Number(digits);
  const { value, scale } = parseDecimal(digits)!;
  if (scale === 0 && !digits.includes('.') && BigInt.asIntN(64, value) === value) return value;
  const fits = digitsOf(value) <= decimalDigitsMax && scale <= decimalDigitsMax;
  return fits ? new VariantDecimal(value, scale) : Number(digits);
}

/** The VARIANT that a JSON text says. Of a name that comes twice the last value counts, if that is allowed.
 *  Throws JsonSyntaxError, and VariantError for what is JSON but no VARIANT. */
export const variantOfJson = (text: string, allowDuplicates: boolean): Uint8Array =>
  writeVariant(parseJsonAs(text, nodes), allowDuplicates);

/** The JSON text of a VARIANT. */
export const jsonOfVariant = (value: Uint8Array): string => variantText(value, formatDouble);
