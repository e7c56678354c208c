/* A script of requests to a broker. */

import { errorName } from '#kafka';
import type { Scene } from './scene.ts';

export interface Script {
  readonly name: string;
  /** Tells what it saw, without what differs from run to run. */
  readonly run: (scene: Scene) => Promise<unknown>;
}

export const error = ({ errorCode }: { readonly errorCode: number }): string => errorName(errorCode);
