/* Models of the test files beside this one. */

const words = { good: 1, fine: 1, bad: -1, awful: -1 } as const;

/** How a text sounds; NULL sounds like nothing. */
export const mood = (text: string | null): object => {
  const found = (text ?? '')
    .split(' ')
    .map((word) => (word in words ? words[word as keyof typeof words] : 0));
  const score = found.reduce<number>((sum, n) => sum + n, 0);
  return { label: score === 0 ? null : score > 0 ? 'glad' : 'sad', score };
};

/** Answers later; the longer the text, the later. */
export const slow = async (text: string | null): Promise<object> => {
  for (let i = 0; i < (text ?? '').length; i++) await Promise.resolve();
  return mood(text);
};

/** A row for each word; none for NULL. */
export const parts = (text: string | null): object[] | null =>
  text === null ? null : text.split(' ').map((word, at) => ({ at, text: word }));

export const distance = (x: number | null, y: number | null): object => ({
  d: x === null || y === null ? null : Math.hypot(x, y),
});
export const broken = (text: string | null): object => {
  if (text === 'good') throw new Error('not this one');
  return mood(text);
};
export const constant = 1;
