/* Files that import each other in a circle, types included: what cannot be understood one file after the other. */

/** Each set of files of which every one reaches every other, by Tarjan's algorithm (1972). `imports`: of each file. */
export function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const lower = (file: string, to: number): void => {
    lowest.set(file, Math.min(lowest.get(file)!, to));
  };
  const visit = (file: string): void => {
    numbers.set(file, numbers.size);
    lowest.set(file, numbers.get(file)!);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!numbers.has(next)) {
        visit(next);
        lower(file, lowest.get(next)!);
      } else if (open.includes(next)) lower(file, numbers.get(next)!);
    }
    if (lowest.get(file) !== numbers.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of imports.keys()) if (!numbers.has(file)) visit(file);
  return found;
}
