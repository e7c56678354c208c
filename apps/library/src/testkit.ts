/// <reference types="node" preserve="true" />
/* millrace/testkit: what test files are run with. */

import './ambient-types.ts';
import './node-version.ts';
export * from '#testkit';
