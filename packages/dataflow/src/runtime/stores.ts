/* Makes the stores of operators: in memory, or with rows on disk that do not fit there. */

import { fileName, type World } from '#base';
import { DiskStore, MemoryStore, StateQuota, type PersistentStore } from '#state';

/** The instance whose state it is. */
export interface StorePlace {
  readonly job: string;
  readonly id: string;
  readonly instance: number;
  readonly instances: number;
  /** To be called when an operator that waited for its store may go on. */
  readonly wake: () => void;
}
/** Makes the store of an instance; without a place one that only reads what others wrote. */
export type NewStore = (place?: StorePlace) => PersistentStore;

/** State that leaves memory for the disk. */
export interface StateOnDisk {
  /** Where its maps lie. */
  readonly folder: string;
  /** The memory budget of each thread. */
  readonly bytesMax: number;
}

export const inMemory: NewStore = () => new MemoryStore();

export async function onDisk(world: World, { folder, bytesMax }: StateOnDisk): Promise<NewStore> {
  const maps = await world.disk.maps();
  const quota = new StateQuota(bytesMax);
  return (place) => new DiskStore({ maps, folder, name: place && mapName(place), wake: place?.wake }, quota);
}
/** The map of an instance within its job's folder. */
const mapName = ({ id, instance, instances }: StorePlace): string =>
  fileName(`${id}-${instance}of${instances}`);

/** What makes the stores of a job: as its settings say. */
export async function storesOf(settings: {
  readonly world: World;
  readonly newStore?: NewStore | undefined;
  readonly stateOnDisk?: StateOnDisk | undefined;
}): Promise<NewStore> {
  if (settings.newStore !== undefined) return settings.newStore;
  return settings.stateOnDisk === undefined ? inMemory : await onDisk(settings.world, settings.stateOnDisk);
}
