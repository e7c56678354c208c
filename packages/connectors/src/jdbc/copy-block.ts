/* Rows → COPY's text in WebAssembly, byte for byte as copy-text.ts writes it. */

import type { LogicalType } from '#data';
import {
  addEscapedCopy,
  append,
  around,
  eachByte,
  FormBlockEncoder,
  MessageBlock,
  skip,
  splat,
  writeBoolean,
  writeClock,
  writeDate,
  writeDecimal,
  writeDelimited,
  writeExact,
  writeInt,
  writeText,
  writeTimestamp,
  type Cell,
  type CellCode,
  type CellWriter,
  type EscapeState,
  type MessageForm,
  type Out,
} from '#formats';
import {
  i32,
  threadMemory,
  v128,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type ModuleBuilder,
} from '#wasm';
import { backslash, cellWriter, escapes } from './copy-text.ts';

const rowsMax = 1024;

/** Writes rows of these types, `terminator` behind each. Undefined where they go one by one. */
export function copyBlock(types: readonly LogicalType[], terminator: string): MessageBlock | undefined {
  const memory = threadMemory();
  const fields = types.map((type) => ({ name: '', type }));
  const spec = { memory, fields, terminator: Buffer.from(terminator), rowsMax };
  return MessageBlock.create(memory, FormBlockEncoder.create(spec, new CopyForm()));
}

class CopyForm implements MessageForm {
  readonly separator = ' ';
  readonly nestsRows = false;

  writer(type: LogicalType): CellWriter {
    return cellWriter(type);
  }
  code(type: LogicalType, wide: boolean): CellCode | undefined {
    switch (type.kind) {
      case 'BOOLEAN':
        return writeBoolean('f', 't');
      case 'TINYINT':
      case 'SMALLINT':
      case 'INT':
        return writeInt;
      case 'BIGINT':
        return writeExact;
      case 'DECIMAL':
        return wide ? undefined : writeDecimal(type.scale, 'plain');
      case 'DATE':
        return writeDate;
      case 'TIME':
        return writeClock;
      case 'TIMESTAMP':
        return writeTimestamp;
      case 'TIMESTAMP_LTZ':
        return around('', writeTimestamp, '+00');
      case 'CHAR':
      case 'VARCHAR':
        return writeText;
      default:
        return undefined;
    }
  }
  addText(m: ModuleBuilder): FunctionRef {
    return addEscapedCopy(m, isEscaped, escapeRest);
  }
  message(out: Out, cells: readonly Cell[]): void {
    writeDelimited(out, cells, '\t', '\\N');
  }
}

/** A backslash, or one of the controls 8 to 13. */
const isEscaped = (vector: Expr<'v128'>): Expr<'v128'> =>
  v128.or(
    v128.eq8(vector, splat(backslash)),
    v128.and(v128.gtU8(vector, splat(7)), v128.ltU8(vector, splat(14))),
  );

function escapeRest(f: FunctionBuilder, t: EscapeState): void {
  eachByte(f, t, (c) => {
    f.block((done) => {
      skip(f, t);
      for (const [byte, letter] of Object.entries(escapes)) {
        f.if(i32.eq(c, i32.const(Number(byte))), () => {
          append(f, t, i32.const(backslash));
          append(f, t, i32.const(letter));
          f.break(done);
        });
      }
      append(f, t, c);
    });
  });
}
