export const slug = {
  args: ['STRING'],
  returns: 'STRING',
  call: (s: string): string => s.toLowerCase().replace(/ +/g, '-'),
};

/** A table function: a row for each word. */
export const words = {
  args: ['STRING'],
  returns: 'ROW<word STRING, length INT>',
  *rows(text: string): Iterable<{ word: string; length: number }> {
    for (const word of text.split(' ')) yield { word, length: word.length };
  },
};

interface Weighted {
  sum: number;
  weight: number;
}
/** An aggregate: the average of values by their weights. Accumulators are kept as JSON. */
export const weightedAverage = {
  args: ['DOUBLE', 'INT'],
  returns: 'DOUBLE',
  createAccumulator: (): Weighted => ({ sum: 0, weight: 0 }),
  accumulate(acc: Weighted, value: number, weight: number): void {
    acc.sum += value * weight;
    acc.weight += weight;
  },
  retract(acc: Weighted, value: number, weight: number): void {
    acc.sum -= value * weight;
    acc.weight -= weight;
  },
  merge(acc: Weighted, other: Weighted): void {
    acc.sum += other.sum;
    acc.weight += other.weight;
  },
  getValue: ({ sum, weight }: Weighted): number | null => (weight === 0 ? null : sum / weight),
};

/** A function that waits for its answer, as for that of a service. */
export const ask = {
  args: ['STRING'],
  returns: 'STRING',
  async: true,
  call: async (question: string): Promise<string> => `${question}?`,
};
