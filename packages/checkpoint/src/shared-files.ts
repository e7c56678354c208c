/* A checkpoint that holds what changed, and refers to what earlier ones wrote.
 *
 *   <job>/shared/7-3fa9c1d2-0   new blocks of checkpoint 7
 *         chk-7/blocks          where all its blocks lie: block-table.ts
 *               _metadata       the manifest, with the names of the files */

import { crc32 } from 'node:zlib';
import { assert, present, type Disk } from '#base';
import { Chunks, partIn, type StatePart } from '#state';
import { blockEntryBytes, PartBlocks, readBlocks, writeTable } from './block-table.ts';
import type { Checkpoint } from './checkpoint.ts';
import { sumStep } from './checksum.ts';
import { damaged, type SharedManifest } from './manifest.ts';
import { keepManifest } from './manifest-file.ts';

const tableName = 'blocks';
export const sharedName = 'shared';
/** A file takes no further part once it has so many bytes: it is read whole. */
const fileBytesMax = 1 << 30;

/** What a later checkpoint may refer to. */
export interface Written {
  readonly parts: ReadonlyMap<string, PartBlocks>;
  readonly files: SharedManifest['files'];
  /** Bytes that went to disk for it. */
  readonly bytes: number;
}

interface NewFile {
  readonly name: string;
  readonly chunks: Uint8Array[];
  bytes: number;
}

/** Resolves when it is on the medium, the name of its folder aside. `base`: the checkpoint that its parts refer to. Throws
 *  ExternalError. */
export async function writeShared(
  disk: Disk,
  job: string,
  folder: string,
  { parts, ...info }: Checkpoint,
  base: Written | undefined,
  breathe: () => Promise<void>,
): Promise<Written> {
  await disk.remove(folder);
  await disk.makeFolder(folder);
  const stem = `${info.epoch}-${info.incarnation.slice(0, 8)}`;
  const place = placeParts(parts, base, stem);
  await writeFiles(disk, `${job}/${sharedName}`, place.files);
  for (const [id, part] of parts) await sumNew(place.blocks.get(id)!, part, place.firstFile, breathe);
  const { blocks, files } = withoutUnused(place, base);
  const table = writeTable(blocks.values());
  await disk.write(`${folder}/${tableName}`, [table]);
  await disk.sync(`${folder}/${tableName}`);
  const manifest = await keepManifest(disk, folder, {
    ...info,
    version: 3,
    parts: [...blocks].map(([id, b]) => ({ id, bytes: b.bytes, blocks: b.count })),
    files,
    table: { bytes: table.length, crc: crc32(table) },
  });
  const written = place.files.reduce((sum, f) => sum + f.bytes, 0);
  return { parts: blocks, files, bytes: written + table.length + manifest };
}

interface Placed {
  readonly blocks: Map<string, PartBlocks>;
  /** The new files; they are numbered from `firstFile` on, behind those of the base. */
  readonly files: readonly NewFile[];
  readonly firstFile: number;
}
/** Decides where each block lies; the checksums of new ones are still 0. */
function placeParts(parts: ReadonlyMap<string, StatePart>, base: Written | undefined, stem: string): Placed {
  const firstFile = base?.files.length ?? 0;
  const files: NewFile[] = [];
  const blocks = new Map<string, PartBlocks>();
  for (const [id, part] of parts) {
    let file = files.at(-1);
    if (file === undefined || file.bytes >= fileBytesMax) {
      file = { name: `${stem}-${files.length}`, chunks: [], bytes: 0 };
      files.push(file);
    }
    file.chunks.push(...part.chunks);
    blocks.set(id, placeBlocks(part, base?.parts.get(id), file, firstFile + files.length - 1));
  }
  return { blocks, files, firstFile };
}
function placeBlocks(
  part: StatePart,
  known: PartBlocks | undefined,
  file: NewFile,
  number: number,
): PartBlocks {
  const placed = new PartBlocks(part.blocks.length / 2);
  for (let b = 0; b < part.blocks.length; b += 2) {
    const length = part.blocks[b]!;
    const from = part.blocks[b + 1]!;
    if (from < 0) {
      placed.add({ length, file: number, offset: file.bytes, crc: 0 });
      file.bytes += length;
      continue;
    }
    assert(known !== undefined, 'what a part refers to was written');
    const i = known.at(from, length);
    placed.add({ length, file: known.files[i]!, offset: known.offsets[i]!, crc: known.crcs[i]! });
  }
  return placed;
}
async function writeFiles(disk: Disk, folder: string, files: readonly NewFile[]): Promise<void> {
  await disk.makeFolder(folder);
  for (const { name, chunks, bytes } of files) {
    if (bytes === 0) continue;
    await disk.write(`${folder}/${name}`, chunks);
    await disk.sync(`${folder}/${name}`);
  }
  await disk.sync(folder);
}
async function sumNew(
  placed: PartBlocks,
  part: StatePart,
  firstFile: number,
  breathe: () => Promise<void>,
): Promise<void> {
  const own = new Chunks(part.chunks);
  let since = 0;
  for (let i = 0; i < placed.count; i++) {
    if (placed.files[i]! < firstFile) continue;
    let sum = 0;
    for (const piece of own.next(placed.lengths[i]!)) sum = crc32(piece, sum);
    placed.crcs[i] = sum;
    since += placed.lengths[i]!;
    if (since < sumStep) continue;
    since = 0;
    await breathe();
  }
}
/** Files that no block lies in any more are left out, and the others numbered anew. */
function withoutUnused(
  { blocks, files: added }: Placed,
  base: Written | undefined,
): Pick<Written, 'files'> & { readonly blocks: Map<string, PartBlocks> } {
  const all = [...(base?.files ?? []), ...added.map(({ name, bytes }) => [name, bytes] as const)];
  const isUsed = new Uint8Array(all.length);
  for (const part of blocks.values()) for (let i = 0; i < part.count; i++) isUsed[part.files[i]!] = 1;
  const numbers = new Uint32Array(all.length);
  let next = 0;
  for (let n = 0; n < all.length; n++) if (isUsed[n] === 1) numbers[n] = next++;
  for (const part of blocks.values())
    for (let i = 0; i < part.count; i++) part.files[i] = numbers[part.files[i]!]!;
  return { blocks, files: all.filter((_, n) => isUsed[n] === 1) };
}

/** Throws ExternalError CHK2001 where it is not whole. */
export async function readShared(
  disk: Disk,
  job: string,
  folder: string,
  { parts: entries, files, table: listed, version: _, ...info }: SharedManifest,
): Promise<Checkpoint> {
  const path = `${folder}/${tableName}`;
  const table = await disk.read(path);
  if (table === undefined) throw damaged(path, 'it is not there');
  if (table.length !== listed.bytes || crc32(table) !== listed.crc)
    throw damaged(path, 'its checksum does not fit its bytes');
  assert(
    entries.reduce((n, e) => n + e.blocks, 0) * blockEntryBytes === table.length,
    'parts and blocks agree',
  );
  const parts = new Map<string, StoredPart>();
  let from = 0;
  for (const { id, blocks } of entries) {
    parts.set(id, { pieces: new Array<Uint8Array>(blocks), blocks: readBlocks(table, from, blocks) });
    from += blocks;
  }
  // Each file once: a part's blocks lie in several.
  for (const [number, [name]] of files.entries()) {
    const file = `${job}/${sharedName}/${name}`;
    const stored = await disk.read(file);
    if (stored === undefined) throw damaged(file, 'it is not there');
    for (const [id, part] of parts) findIn(stored, number, file, id, part);
  }
  return { ...info, parts: new Map([...parts].map(([id, part]) => [id, partIn(neighboursJoined(part))])) };
}
interface StoredPart {
  readonly blocks: PartBlocks;
  /** The bytes of each block, where they lie in a file's. */
  readonly pieces: Uint8Array[];
}
function findIn(
  stored: Uint8Array,
  number: number,
  file: string,
  id: string,
  { pieces, blocks }: StoredPart,
): void {
  for (let i = 0; i < blocks.count; i++) {
    if (blocks.files[i] !== number) continue;
    const offset = blocks.offsets[i]!;
    const block = stored.subarray(offset, offset + blocks.lengths[i]!);
    if (block.length < blocks.lengths[i]!)
      throw damaged(file, `it ends at byte ${stored.length}, within "${id}"`);
    if (crc32(block) !== blocks.crcs[i])
      throw damaged(file, `the checksum of a block of "${id}" does not fit its bytes`);
    pieces[i] = block;
  }
}
/** The pieces of a part: what lies side by side in a file is one. */
function neighboursJoined({ pieces, blocks }: StoredPart): Uint8Array[] {
  const joined: Uint8Array[] = [];
  for (let i = 0; i < blocks.count; i++) {
    const piece = present(pieces[i], 'every block of a part lies in a file of its snapshot');
    const last = joined.at(-1);
    if (last?.buffer === piece.buffer && last.byteOffset + last.length === piece.byteOffset)
      joined[joined.length - 1] = new Uint8Array(last.buffer, last.byteOffset, last.length + piece.length);
    else joined.push(piece);
  }
  return joined;
}
