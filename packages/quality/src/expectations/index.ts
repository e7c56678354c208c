/* Every expectation, one line each: what a suite may name. */

import type { Expectation } from '../expectation/expectation.ts';
import { valueZScoresToBeLessThan, valuesToNotBeOutliers } from './deviation.ts';
import {
  distinctValuesToBeInSet,
  distinctValuesToContainSet,
  distinctValuesToEqualSet,
} from './distinct-values.ts';
import { valuesToBeInTable } from './in-table.ts';
import { distributionToMatch } from './distribution.ts';
import { klDivergenceToBeLessThan } from './kl-divergence.ts';
import * as like from './match-like-pattern.ts';
import * as regex from './match-regex.ts';
import { mostCommonValueToBeInSet } from './most-common-value.ts';
import { valuesToBeNull, valuesToNotBeNull } from './nullness.ts';
import { valuesToBeDecreasing, valuesToBeIncreasing } from './ordered.ts';
import { pairValuesAToBeGreaterThanB, pairValuesToBeEqual, pairValuesToBeInSet } from './pairs.ts';
import * as parseable from './parseable.ts';
import { quantileValuesToBeBetween } from './quantiles.ts';
import { queryResultsToMatchComparison, unexpectedRows } from './queries.ts';
import * as records from './records.ts';
import * as statistics from './statistics.ts';
import * as shape from './table-shape.ts';
import { columnTypeToBe, valuesToBeInTypeList, valuesToBeOfType } from './types.ts';
import { compoundColumnsToBeUnique, valuesToBeUnique } from './unique.ts';
import { valueLengthsToBeBetween, valueLengthsToEqual } from './value-lengths.ts';
import { valuesToBeInSet, valuesToNotBeInSet } from './values-in-set.ts';
import { valuesToBeBetween } from './values-to-be-between.ts';

export const expectations: readonly Expectation[] = [
  valuesToNotBeNull,
  valuesToBeNull,
  valuesToBeUnique,
  valuesToBeBetween,
  valuesToBeInSet,
  valuesToNotBeInSet,
  valuesToBeInTable,
  valuesToBeOfType,
  valuesToBeInTypeList,
  columnTypeToBe,
  valueLengthsToBeBetween,
  valueLengthsToEqual,
  regex.matchRegex,
  regex.notMatchRegex,
  regex.matchRegexList,
  regex.notMatchRegexList,
  like.matchLikePattern,
  like.notMatchLikePattern,
  like.matchLikePatternList,
  like.notMatchLikePatternList,
  parseable.matchStrftimeFormat,
  parseable.dateutilParseable,
  parseable.jsonParseable,
  parseable.matchJsonSchema,
  valuesToBeIncreasing,
  valuesToBeDecreasing,
  valueZScoresToBeLessThan,
  valuesToNotBeOutliers,
  statistics.maxToBeBetween,
  statistics.minToBeBetween,
  statistics.meanToBeBetween,
  statistics.medianToBeBetween,
  statistics.stdevToBeBetween,
  statistics.sumToBeBetween,
  statistics.uniqueValueCountToBeBetween,
  statistics.proportionOfUniqueValuesToBeBetween,
  statistics.proportionOfNonNullValuesToBeBetween,
  quantileValuesToBeBetween,
  distinctValuesToBeInSet,
  distinctValuesToContainSet,
  distinctValuesToEqualSet,
  mostCommonValueToBeInSet,
  klDivergenceToBeLessThan,
  distributionToMatch,
  pairValuesToBeEqual,
  pairValuesAToBeGreaterThanB,
  pairValuesToBeInSet,
  compoundColumnsToBeUnique,
  records.multicolumnSumToEqual,
  records.multicolumnValuesToBeEqual,
  records.selectColumnValuesToBeUniqueWithinRecord,
  records.multicolumnValuesToBeUnique,
  shape.columnToExist,
  shape.columnCountToBeBetween,
  shape.columnCountToEqual,
  shape.columnsToMatchOrderedList,
  shape.columnsToMatchSet,
  shape.rowCountToBeBetween,
  shape.rowCountToEqual,
  shape.rowCountToEqualOtherTable,
  unexpectedRows,
  queryResultsToMatchComparison,
];

export const expectationsByType: ReadonlyMap<string, Expectation> = new Map(
  expectations.map((e) => [e.type, e]),
);
