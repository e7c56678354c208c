/* A model in TypeScript: what a text sounds like, by the words in it. */

const words: Readonly<Record<string, number>> = { good: 1, great: 2, slow: -1, broken: -2 };

export const predict = (text: string | null): { label: string; score: number } | null => {
  if (text === null) return null;
  const score = text
    .toLowerCase()
    .split(/\W+/)
    .reduce((sum, word) => sum + (words[word] ?? 0), 0);
  return { label: score < 0 ? 'negative' : score > 0 ? 'positive' : 'neutral', score };
};
