/* Sizes for people. */

const units = ['bytes', 'kb', 'mb', 'gb', 'tb'] as const;

/** '1.5 mb', in powers of 1024 as Flink's MemorySize. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const text =
    unit === 0 || value >= 100 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1);
  return `${text} ${units[unit]}`;
}
