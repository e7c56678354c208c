/* The rules that a change of a JSON Schema may break, with what is said of each. Names are those of Confluent's registry
 * ("Compatibility for JSON Schema"). */

import { bySide, type Incompatibility, type Sentence } from '../compatibility/incompatibility.ts';

interface Rule {
  readonly sentence: (path: string, about: string) => Sentence;
  readonly fix: (path: string, about: string) => Sentence;
}
const says =
  (text: (path: string, about: string, reader: string, writer: string) => string) =>
  (path: string, about: string): Sentence =>
  (reader, writer) =>
    text(path, about, reader, writer);

type Says = (path: string, about: string, reader: string, writer: string) => string;
/** What to do where the reader's schema is the new one, and where it is the old one. */
const fixes =
  (readerIsNew: Says, readerIsOld: Says) =>
  (path: string, about: string): Sentence =>
    bySide(
      (reader, writer) => readerIsNew(path, about, reader, writer),
      (reader, writer) => readerIsOld(path, about, reader, writer),
    );

const added: Rule = {
  sentence: says(
    (path, about, r, w) => `The ${r} schema has ${about} at path '${path}', which the ${w} schema has not`,
  ),
  fix: fixes(
    (_, about, r) => `Leave ${about} out of the ${r} schema`,
    (_, about, __, w) => `Keep ${about} in the ${w} schema`,
  ),
};
const tighter: Rule = {
  sentence: says(
    (path, about, r, w) => `The ${r} schema allows less than the ${w} schema at path '${path}': ${about}`,
  ),
  fix: fixes(
    (_, __, r, w) => `Let the ${r} schema allow what the ${w} schema allows, or more`,
    (_, __, r, w) => `Let the ${w} schema allow no more than the ${r} schema allows`,
  ),
};
const changed: Rule = {
  sentence: says(
    (path, about, r, w) =>
      `What stands at path '${path}' differs between the ${r} and the ${w} schema: ${about}`,
  ),
  fix: fixes(
    (_, __, r, w) => `Keep it as in the ${w} schema, or leave it out of the ${r} schema`,
    (_, __, r, w) => `Keep it in the ${w} schema as in the ${r} schema`,
  ),
};
const openModel: Rule = {
  sentence: says(
    (path, about, r, w) =>
      `The ${w} schema allows other properties or items, so ${about} at path '${path}' of the ${r} schema may have been written as something else`,
  ),
  fix: fixes(
    (_, about, __, w) =>
      `Let ${about} be of any type, or close the ${w} schema first ("additionalProperties": false)`,
    (_, about, __, w) => `Keep ${about} in the ${w} schema`,
  ),
};
const closedModel: Rule = {
  sentence: says(
    (path, about, r, w) =>
      `The ${r} schema allows no other properties or items, and ${about} at path '${path}' of the ${w} schema is missing there`,
  ),
  fix: fixes(
    (_, about, r) => `Keep ${about}, or let the ${r} schema allow others ("additionalProperties": true)`,
    (_, about, __, w) => `Leave ${about} out of the ${w} schema: readers of before allow no others`,
  ),
};
const notCovered: Rule = {
  sentence: says(
    (path, about, r, w) =>
      `${about} at path '${path}' is in one of the ${r} and the ${w} schema alone, and does not fit what the other says of further properties or items`,
  ),
  fix: says((_, about) => `Give ${about} a type that the schema of further properties or items allows`),
};
const required: Rule = {
  sentence: says(
    (path, about, r, w) =>
      `The ${r} schema requires ${about} at path '${path}', which the ${w} schema does not`,
  ),
  fix: fixes(
    (_, about, r) => `Make ${about} optional in the ${r} schema, or give it a default`,
    (_, about, __, w) => `Keep ${about} required in the ${w} schema`,
  ),
};

const rules = {
  TYPE_CHANGED: changed,
  TYPE_NARROWED: tighter,
  PATTERN_ADDED: added,
  PATTERN_CHANGED: changed,
  MULTIPLE_OF_ADDED: added,
  MULTIPLE_OF_EXPANDED: tighter,
  MULTIPLE_OF_CHANGED: changed,
  REQUIRED_ATTRIBUTE_ADDED: required,
  REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: required,
  PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: openModel,
  PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: notCovered,
  PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL: closedModel,
  PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: notCovered,
  ADDITIONAL_PROPERTIES_REMOVED: tighter,
  ADDITIONAL_PROPERTIES_NARROWED: tighter,
  DEPENDENCY_ARRAY_ADDED: added,
  DEPENDENCY_ARRAY_EXTENDED: tighter,
  DEPENDENCY_ARRAY_CHANGED: changed,
  DEPENDENCY_SCHEMA_ADDED: added,
  UNIQUE_ITEMS_ADDED: added,
  ADDITIONAL_ITEMS_REMOVED: tighter,
  ADDITIONAL_ITEMS_NARROWED: tighter,
  ITEM_ADDED_TO_OPEN_CONTENT_MODEL: openModel,
  ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: notCovered,
  ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL: closedModel,
  ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL: notCovered,
  SCHEMA_ADDED: added,
  ENUM_ARRAY_NARROWED: tighter,
  ENUM_ARRAY_CHANGED: changed,
  COMBINED_TYPE_CHANGED: changed,
  COMBINED_TYPE_SUBSCHEMAS_CHANGED: changed,
  PRODUCT_TYPE_EXTENDED: tighter,
  SUM_TYPE_NARROWED: tighter,
  NOT_TYPE_EXTENDED: tighter,
} as const satisfies Record<string, Rule>;
export type JsonRule = keyof typeof rules;

/** Bounds, each with the first part of its rules' names: MAX_LENGTH_ADDED, MAX_LENGTH_DECREASED. */
export const bounds = {
  maximum: {
    maxLength: 'MAX_LENGTH',
    maximum: 'MAXIMUM',
    exclusiveMaximum: 'EXCLUSIVE_MAXIMUM',
    maxProperties: 'MAX_PROPERTIES',
    maxItems: 'MAX_ITEMS',
    maxContains: 'MAX_CONTAINS',
  },
  minimum: {
    minLength: 'MIN_LENGTH',
    minimum: 'MINIMUM',
    exclusiveMinimum: 'EXCLUSIVE_MINIMUM',
    minProperties: 'MIN_PROPERTIES',
    minItems: 'MIN_ITEMS',
    minContains: 'MIN_CONTAINS',
  },
} as const;

export const finding = (rule: JsonRule, path: string, about: string): Incompatibility => ({
  rule,
  path,
  about,
  sentence: rules[rule].sentence(path, about),
  fix: rules[rule].fix(path, about),
});
export const boundFinding = (
  name: string,
  change: 'ADDED' | 'DECREASED' | 'INCREASED',
  path: string,
  about: string,
): Incompatibility => {
  const rule = change === 'ADDED' ? added : tighter;
  return {
    rule: `${name}_${change}`,
    path,
    about,
    sentence: rule.sentence(path, about),
    fix: rule.fix(path, about),
  };
};
