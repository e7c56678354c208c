/* A checkpoint that holds what changed, and refers to what earlier ones wrote.
 *
 *   <job>/shared/7-3fa9c1d2-s0-0   new blocks of checkpoint 7 that share 0 put out while it took it (block-file.ts)
 *                7-3fa9c1d2-0      the others
 *         chk-7/blocks          where all its blocks lie: block-table.ts
 *               _metadata       the manifest, with the names of the files */

import { crc32 } from 'node:zlib';
import { assert, present, type Disk } from '#base';
import { blockInOutput, Chunks, partIn, type StatePart } from '#state';
import { fileBytesMax, type StoredBlocks } from './block-file.ts';
import { blockEntryBytes, PartBlocks, readBlocks, writeTable } from './block-table.ts';
import type { Checkpoint } from './checkpoint.ts';
import { sumStep } from './checksum.ts';
import { damaged, type SharedManifest } from './manifest.ts';
import { keepManifest } from './manifest-file.ts';

const tableName = 'blocks';
export const sharedName = 'shared';

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
/** How the files of a checkpoint begin. */
export const fileStem = (epoch: number, incarnation: string): string => `${epoch}-${incarnation.slice(0, 8)}`;

export interface SharedWriting {
  readonly job: string;
  readonly folder: string;
  readonly checkpoint: Checkpoint;
  /** The checkpoint that its parts refer to. */
  readonly base: Written | undefined;
  /** Blocks that are on the medium, by share. */
  readonly blocks: ReadonlyMap<number, StoredBlocks>;
  readonly breathe: () => Promise<void>;
}

/** Resolves when it is on the medium, the name of its folder aside. Throws ExternalError. */
export async function writeShared(disk: Disk, writing: SharedWriting): Promise<Written> {
  const { job, folder, base, breathe } = writing;
  const { parts, ...info } = writing.checkpoint;
  await disk.remove(folder);
  await disk.makeFolder(folder);
  const place = new Placing(writing);
  for (const [id, part] of parts) place.add(id, part);
  await writeFiles(disk, `${job}/${sharedName}`, place.own);
  for (const [id, part] of parts) await sumNew(place.blocks.get(id)!, part, place.firstOwn, breathe);
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

/** Decides where each block lies; the checksums of those that are still to be written are 0. */
class Placing {
  readonly blocks = new Map<string, PartBlocks>();
  /** Files that are still to be written. */
  readonly own: NewFile[] = [];
  /** Their first number: they stand behind those of the base and those that shares wrote. */
  readonly firstOwn: number;
  readonly #writing: SharedWriting;
  readonly #byShares: StoredBlocks['files'];
  /** The number of the first file of each share. */
  readonly #firstOf = new Map<number, number>();

  constructor(writing: SharedWriting) {
    this.#writing = writing;
    let next = writing.base?.files.length ?? 0;
    for (const [share, { files }] of writing.blocks) {
      this.#firstOf.set(share, next);
      next += files.length;
    }
    this.#byShares = [...writing.blocks.values()].flatMap(({ files }) => files);
    this.firstOwn = next;
  }
  /** Those that the base does not have. */
  get files(): StoredBlocks['files'] {
    return [...this.#byShares, ...this.own];
  }
  add(id: string, part: StatePart): void {
    const { base, checkpoint, blocks } = this.#writing;
    const known = base?.parts.get(id);
    const share = part.output ?? -1;
    const stored = blocks.get(share);
    const placed = new PartBlocks(part.blocks.length / 2);
    const own = this.#ownFile(fileStem(checkpoint.epoch, checkpoint.incarnation));
    own.chunks.push(...part.chunks);
    for (let b = 0; b < part.blocks.length; b += 2) {
      const length = part.blocks[b]!;
      const from = part.blocks[b + 1]!;
      if (from >= 0) {
        assert(known !== undefined, 'what a part refers to was written');
        const i = known.at(from, length);
        placed.add({ length, file: known.files[i]!, offset: known.offsets[i]!, crc: known.crcs[i]! });
      } else if (from === -1) {
        placed.add({ length, file: this.firstOwn + this.own.length - 1, offset: own.bytes, crc: 0 });
        own.bytes += length;
      } else {
        const block = present(
          stored?.blocks[blockInOutput(from)],
          'a block that a share put out was written',
        );
        assert(block.length === length, 'a block has the length that its part names');
        placed.add({ ...block, file: this.#firstOf.get(share)! + block.file });
      }
    }
    this.blocks.set(id, placed);
  }
  /** What takes the next part. */
  #ownFile(stem: string): NewFile {
    const last = this.own.at(-1);
    if (last !== undefined && last.bytes < fileBytesMax) return last;
    const file: NewFile = { name: `${stem}-${this.own.length}`, chunks: [], bytes: 0 };
    this.own.push(file);
    return file;
  }
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
  firstOwn: number,
  breathe: () => Promise<void>,
): Promise<void> {
  const own = new Chunks(part.chunks);
  let since = 0;
  for (let i = 0; i < placed.count; i++) {
    if (placed.files[i]! < firstOwn) continue;
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
  { blocks, files: added }: Placing,
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
