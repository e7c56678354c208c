/* What is expected of the rows of a stream: by a suite, by a contract, or by both. */

import {
  isOfStreams,
  millraceFamily,
  readSuite,
  streamChecks,
  type Parameters,
  type StreamAction,
  type StreamChecks,
  type Suite,
  type TableColumn,
} from '#quality';
import { suiteOf, tableNamed } from './expectations.ts';
import type { Contract } from './model.ts';
import { readContract } from './read/index.ts';

export interface AskedOfStream {
  readonly table: string;
  /** Files; `read` knows where their names count from. */
  readonly suite: string | undefined;
  readonly contract: string | undefined;
  /** Types as Flink SQL names them. */
  readonly columns: readonly { readonly name: string; readonly typeText: string }[];
  readonly rowtime: string | undefined;
  readonly onFailure: StreamAction;
  readonly windowMs: number;
}

/** Reads what a table asks for. Throws UserError for a file that cannot be read or used. */
export const streamChecksFrom =
  (read: (path: string) => Promise<string>, parameters?: Parameters) =>
  async (asked: AskedOfStream, nowMs: number): Promise<StreamChecks> => {
    const columns = asked.columns.map(({ name, typeText }) => ({
      name,
      type: typeText.replace(/ NOT NULL$/, ''),
      family: millraceFamily(typeText),
    }));
    const suites: Suite[] = [];
    if (asked.suite !== undefined) suites.push(readSuite(await read(asked.suite), asked.suite));
    if (asked.contract !== undefined) {
      const contract = readContract(await read(asked.contract), asked.contract);
      suites.push(promised(contract, asked.table, columns));
    }
    const suite: Suite = {
      name: suites.map((s) => s.name).join(', '),
      expectations: suites.flatMap((s) => s.expectations),
      parameters: Object.assign({}, ...suites.map((s) => s.parameters)) as Suite['parameters'],
    };
    const { table: name, rowtime, onFailure, windowMs } = asked;
    return streamChecks(suite, { name, columns, rowtime }, { onFailure, windowMs, nowMs, parameters });
  };

/** What of a contract can be held of a stream: keys are those of a table, which `contract check` looks at. */
function promised(contract: Contract, name: string, columns: readonly TableColumn[]): Suite {
  const wanted = tableNamed(contract, contract.tables.length === 1 ? undefined : name);
  const suite = suiteOf(contract, wanted, { columns }, undefined);
  return { ...suite, expectations: suite.expectations.filter(({ type }) => isOfStreams(type)) };
}
