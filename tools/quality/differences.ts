/* Where the judge fails and we answer, each with the reason. */

export const refusals: readonly { readonly message: RegExp; readonly reason: string }[] = [
  {
    message: /float\(\) argument must be a string or a real number, not 'NoneType'/,
    reason: 'pandas: sum, mean and deviation of decimals of which one is missing',
  },
  {
    message: /unsupported operand type\(s\) for \+: '(?:float|int)' and 'decimal\.Decimal'/,
    reason: 'pandas: sum of decimals of which one is missing, of rows that a condition chooses',
  },
  { message: /^Invalid partition object\.$/, reason: 'a distribution of a column with one value' },
  { message: /is not JSON serializable/, reason: 'pandas: pairs of whole numbers in a result' },
];
