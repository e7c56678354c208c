/* Where our answer differs from Flink's, each with its reason. */

export const expressionDifferences: ReadonlyMap<string, string> = new Map([]);
export const queryDifferences: ReadonlyMap<string, string> = new Map([]);
