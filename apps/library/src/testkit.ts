/// <reference types="node" preserve="true" />
/* millrace/testkit: what test files are run with. */

import './node-version.ts';
export * from '#testkit';
