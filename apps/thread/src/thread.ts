/* What runs in a thread beside the first: a share of a job, with all connectors that ship. */

import { connectors } from '#connectors';
import { serveShare } from '#dataflow';
import { ownPort, realWorld } from '#host';

serveShare(ownPort(), realWorld(), new Map(connectors.map((c) => [c.name, c])));
