/* The default of a field in the binary encoding: for fields that a table has no column for. */

import { present, type ByteWriter } from '#base';
import { isArray, isObject, type AvroType, type Json, type JsonNumber } from '#schemas';
import { writeBytes, writeDouble, writeFloat, writeInt, writeLong } from './write-values.ts';

const string: AvroType = { kind: 'string', properties: new Map() };

/** The default fits its type: the schema was checked when it was registered. */
export function writeDefault(to: ByteWriter, schema: AvroType, json: Json): void {
  switch (schema.kind) {
    case 'null':
      return;
    case 'boolean':
      return to.byte(json === true ? 1 : 0);
    case 'int':
    case 'long':
      return writeLong(to, BigInt((json as JsonNumber).text));
    case 'float':
      return writeFloat(to, (json as JsonNumber).value);
    case 'double':
      return writeDouble(to, (json as JsonNumber).value);
    case 'string':
    case 'bytes': {
      const bytes = Buffer.from(json as string, schema.kind === 'string' ? 'utf8' : 'latin1');
      return writeBytes(to, bytes, 0, bytes.length);
    }
    case 'fixed':
      return to.bytes(Buffer.from(json as string, 'latin1'));
    case 'enum':
      return writeInt(to, schema.symbols.indexOf(json as string));
    case 'array': {
      const items = isArray(json) ? json : [];
      if (items.length > 0) writeLong(to, items.length);
      for (const item of items) writeDefault(to, schema.items, item);
      return to.byte(0);
    }
    case 'map': {
      const entries = isObject(json) ? [...json] : [];
      if (entries.length > 0) writeLong(to, entries.length);
      for (const [key, item] of entries) {
        writeDefault(to, string, key);
        writeDefault(to, schema.values, item);
      }
      return to.byte(0);
    }
    case 'union': {
      // A default is a value of the first branch (Avro 1.11), or of any that it fits (1.12): null decides here.
      const at = schema.branches.findIndex((b) => (json === null) === (b.kind === 'null'));
      writeInt(to, at);
      return writeDefault(to, schema.branches[at]!, json);
    }
    case 'record':
      for (const field of schema.fields) {
        const own = isObject(json) ? json.get(field.name) : undefined;
        writeDefault(to, field.type, own ?? present(field.default, 'a field without a value has a default'));
      }
  }
}
