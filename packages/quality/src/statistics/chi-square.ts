/* The chi-square distribution, and its test of whether two samples are of one distribution.
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 6.1.40, 6.5.29 and 6.5.31. */

/** ln Γ(x) for x > 0, by Stirling's series. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  // The series is exact to the last digits from about 10 on.
  for (; at < 10; at++) shift += Math.log(at);
  const square = 1 / (at * at);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

const roundsMax = 1000;
const precision = 1e-15;

/** The share of a chi-square distribution of `degrees` degrees of freedom that lies above `value`. */
export function chiSquareTail(value: number, degrees: number): number {
  if (value <= 0) return 1;
  const [a, x] = [degrees / 2, value / 2];
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < roundsMax && term > sum * precision; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  // The continued fraction, from its end as far as it matters (Lentz).
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < roundsMax; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return front * fraction;
}

export interface Homogeneity {
  readonly chiSquared: number;
  readonly degrees: number;
  /** How likely samples of one distribution differ as much; 1 where there is nothing to compare. */
  readonly pValue: number;
}
/** Whether counts of two samples, of any sizes, are of one distribution. */
export function homogeneity(first: readonly number[], second: readonly number[]): Homogeneity {
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const [n, m] = [sum(first), sum(second)];
  const cells = first.map((count, i) => [count, second[i]!] as const).filter(([a, b]) => a + b > 0);
  if (n === 0 || m === 0 || cells.length < 2) return { chiSquared: 0, degrees: 0, pValue: 1 };
  const [up, down] = [Math.sqrt(m / n), Math.sqrt(n / m)];
  const chiSquared = cells.reduce((all, [a, b]) => all + (up * a - down * b) ** 2 / (a + b), 0);
  const degrees = cells.length - 1;
  return { chiSquared, degrees, pValue: chiSquareTail(chiSquared, degrees) };
}

/** Population stability index of two samples, each cell half a row richer so that an empty one is finite. */
export function stabilityIndex(first: readonly number[], second: readonly number[]): number {
  const shares = (counts: readonly number[]): number[] => {
    const all = counts.reduce((a, b) => a + b, 0) + counts.length / 2;
    return counts.map((count) => (count + 0.5) / all);
  };
  const [p, q] = [shares(first), shares(second)];
  return p.reduce((sum, share, i) => sum + (share - q[i]!) * Math.log(share / q[i]!), 0);
}
