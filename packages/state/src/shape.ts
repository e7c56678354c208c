/* What tables look like, as plain data: what a savepoint says of the rows that it holds, and how rows of one shape fit into
 * tables of another. */

import { typeText, type LogicalType, type Value } from '#data';
import type { OwnedRows, SavedRest, SavedRow } from './saved-row.ts';
import type { CellType } from './spec.ts';

/** A table as it is declared: types as text. */
export interface TableShape {
  /** `slices/table` for one in a slice of time. */
  readonly name: string;
  /** Empty for one whose rows belong to another table's. */
  readonly key: readonly string[];
  readonly row: readonly string[];
  readonly cells: Readonly<Record<string, string>>;
  /** Cells of exact types that begin at 0 in rows that had them not; the others begin at 0 or NULL by their type. */
  readonly zeros: readonly string[];
  readonly owned: readonly TableShape[];
  readonly timers: readonly string[];
}

export const typeTexts = (types: readonly LogicalType[]): string[] => types.map(typeText);
export const cellText = (type: CellType): string => (typeof type === 'string' ? type : typeText(type));

/** What becomes of the state of an operator when another query takes it up: names of tables and `table.cell`s. */
export interface FitReport {
  readonly kept: readonly string[];
  /** In the saved state, and not asked for, or of another type. */
  readonly dropped: readonly string[];
  /** Asked for, and not in the saved state: it begins empty. */
  readonly added: readonly string[];
}

/** Takes rows of `saved` shapes into tables of `declared` shapes, by name and type. */
export class Fit {
  readonly report: FitReport;
  readonly #tables = new Map<string, TableFit>();

  constructor(saved: readonly TableShape[], declared: readonly TableShape[]) {
    const report = { kept: [] as string[], dropped: [] as string[], added: [] as string[] };
    for (const shape of saved) {
      const own = declared.find((d) => d.name === shape.name);
      if (own !== undefined && sameTypes(shape, own))
        this.#tables.set(shape.name, tableFit(shape, own, report));
      else report.dropped.push(shape.name);
    }
    for (const { name } of declared) if (!this.#tables.has(name)) report.added.push(name);
    this.report = report;
  }
  /** Of what belongs to no key, the lists that fit. */
  rest({ lists, scalars }: SavedRest): SavedRest {
    return { lists: pick(lists, (name) => this.#tables.has(name)), scalars };
  }
  /** The row as far as it fits; undefined where nothing of it does. */
  row(saved: SavedRow): SavedRow | undefined {
    const fit = this.#tables.get(saved.table);
    return fit && { ...saved, ...fitted(saved, fit) };
  }
}

interface TableFit {
  readonly cells: ReadonlySet<string>;
  /** Cells that the rows had not, and what they begin with. */
  readonly begun: Readonly<Record<string, Value>>;
  readonly timers: ReadonlySet<string>;
  readonly owned: ReadonlyMap<string, TableFit>;
}
const sameTypes = (a: TableShape, b: TableShape): boolean =>
  a.key.join() === b.key.join() && a.row.join() === b.row.join();

function tableFit(
  saved: TableShape,
  declared: TableShape,
  report: { kept: string[]; dropped: string[]; added: string[] },
): TableFit {
  const path = (name: string): string => `${saved.name}.${name}`;
  report.kept.push(saved.name);
  const cells = new Set<string>();
  for (const [name, type] of Object.entries(saved.cells)) {
    const fits = declared.cells[name] === type;
    if (fits) cells.add(name);
    (fits ? report.kept : report.dropped).push(path(name));
  }
  for (const name of Object.keys(declared.cells)) if (!cells.has(name)) report.added.push(path(name));
  const owned = new Map<string, TableFit>();
  for (const child of saved.owned) {
    const own = declared.owned.find((o) => o.name === child.name);
    if (own !== undefined && sameTypes(child, own)) owned.set(child.name, tableFit(child, own, report));
    else report.dropped.push(child.name);
  }
  for (const { name } of declared.owned) if (!owned.has(name)) report.added.push(name);
  const begun = Object.fromEntries(declared.zeros.filter((z) => !cells.has(z)).map((z) => [z, 0n]));
  return { cells, begun, owned, timers: new Set(saved.timers.filter((t) => declared.timers.includes(t))) };
}

function fitted({ row, cells, owned, timers }: OwnedRows, fit: TableFit): OwnedRows {
  return {
    row,
    // What the store keeps for itself stays.
    cells: { ...pick(cells, (name) => name.startsWith('$') || fit.cells.has(name)), ...fit.begun },
    timers: pick(timers, (name) => fit.timers.has(name)),
    owned: Object.fromEntries(
      Object.entries(owned).flatMap(([name, rows]) => {
        const child = fit.owned.get(name);
        return child === undefined ? [] : [[name, rows.map((r) => fitted(r, child))]];
      }),
    ),
  };
}
const pick = <T>(named: Readonly<Record<string, T>>, takes: (name: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(named).filter(([name]) => takes(name)));
