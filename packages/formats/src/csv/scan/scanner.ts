/* CSV records → columns: what the csv format brings to the ladder. Its rungs do not depend on the data. */

import type { Scanner, ScannerSpec } from '../../scanner.ts';
import { Frame } from '../../scan/frame.ts';
import { LadderScanner } from '../../scan/ladder.ts';
import { scannerModule } from '../../scan/rungs.ts';
import { fitsFrame } from '../../scan/slots.ts';
import { CsvDecoder } from '../decoder.ts';
import { csvSettings } from '../options.ts';
import { readRecord } from './fused.ts';
import { addCsvGeneric } from './generic.ts';
import { csvSyntax } from './syntax.ts';

/** Undefined when a field's type or a character is not for scanners, or the memory has no room. */
export function createCsvScanner(spec: ScannerSpec): Scanner | undefined {
  const { memory, fields, options, record, rowsMax } = spec;
  const decoder = new CsvDecoder(fields, options, record);
  if (record.length === 0 || !fields.every((f) => f.type.kind !== 'ROW' && fitsFrame(f.type)))
    return undefined;
  const frame = Frame.create(memory, fields, rowsMax, 'SQL');
  if (frame === undefined) return undefined;
  const syntax = csvSyntax(csvSettings(options), frame, record);
  if (syntax === undefined) {
    frame.release();
    return undefined;
  }
  const write = (): Uint8Array<ArrayBuffer> =>
    scannerModule(frame, (m, shared) => ({
      generic: addCsvGeneric(m, frame, shared, syntax),
      fused: (e, bad) => readRecord(e, syntax, bad),
    }));
  return new LadderScanner(memory, frame, { decoder, write, learns: false });
}
