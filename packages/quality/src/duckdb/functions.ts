/* Functions that DuckDB calls back for: tests of text that SQL has no words for. Each gets the text and one constant, of
 * which a test is made once. */

import { Ajv } from 'ajv';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { readsAsDate } from '../text/date-text.ts';
import { pythonRegex } from '../text/regex.ts';
import { strptime } from '../text/strptime.ts';
import type { DuckDB } from './load.ts';

type Test = (text: string) => boolean;

const made: Readonly<Record<string, (constant: string) => Test>> = {
  millrace_regex: (pattern) => {
    const regex = pythonRegex(pattern);
    return (text) => regex.test(text);
  },
  millrace_strptime: strptime,
  millrace_json_schema: (schema) => {
    const validate = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(
      JSON.parse(schema) as object,
    );
    return (text) => {
      try {
        return validate(JSON.parse(text)) === true;
      } catch {
        return false;
      }
    };
  },
};

export function addFunctions(duckdb: DuckDB, connection: DuckDBConnection): void {
  const { DuckDBScalarFunction, BOOLEAN, VARCHAR } = duckdb;
  const add = (name: string, constants: number, testOf: (constant: string) => Test): void => {
    const tests = new Map<string, Test>();
    const testFor = (constant: string): Test => {
      const known = tests.get(constant) ?? testOf(constant);
      tests.set(constant, known);
      return known;
    };
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        returnType: BOOLEAN,
        parameterTypes: [VARCHAR, ...new Array<typeof VARCHAR>(constants).fill(VARCHAR)],
        mainFunction: (info, chunk, output) => {
          try {
            fill(chunk, output, constants > 0, testFor);
          } catch (error) {
            // An error that is thrown here would end the process.
            info.setError((error as Error).message);
          }
        },
      }),
    );
  };
  for (const [name, testOf] of Object.entries(made)) add(name, 1, testOf);
  add('millrace_date_text', 0, () => readsAsDate);
}

function fill(
  chunk: DuckDBDataChunk,
  output: DuckDBVector,
  hasConstant: boolean,
  testFor: (constant: string) => Test,
): void {
  const texts = chunk.getColumnVector(0);
  const constant = hasConstant && chunk.rowCount > 0 ? (chunk.getColumnVector(1).getItem(0) as string) : '';
  const test = testFor(constant);
  for (let row = 0; row < chunk.rowCount; row++) {
    const text = texts.getItem(row) as string | null;
    (output as DuckDBVector<boolean>).setItem(row, text === null ? null : (test(text) as never));
  }
  output.flush();
}
