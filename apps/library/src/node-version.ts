/* The first thing that loads: an older Node is told so in one line, instead of failing somewhere inside. Nothing that it
 * could miss may be imported by name before, and nothing here is newer than Node 18. */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  process.stderr.write(`Millrace needs Node 22.22 or later; this is ${process.version}.\n`);
  process.exit(2);
}
export {};
