/* What runs in a thread beside the first: a share of a job, with all connectors and providers of models that ship. */

import { connectors, modelProviders } from '#connectors';
import { modelConnector, serveShare } from '#dataflow';
import { ownPort, realWorld } from '#host';

serveShare(
  ownPort(),
  realWorld(),
  new Map([...connectors, ...modelProviders.map(modelConnector)].map((c) => [c.name, c])),
);
