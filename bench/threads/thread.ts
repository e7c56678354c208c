/* A thread of the benchmark. */

import { serveShare } from '#dataflow';
import { ownPort, realWorld } from '#host';
import { memoryConnector } from './memory-connector.ts';

serveShare(ownPort(), realWorld(), new Map([['memory', memoryConnector]]));
