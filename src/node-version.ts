import { keepCompiledCode } from './compile-cache.ts';

/** The oldest Node that runs this, as package.json's `engines` says. */
const oldest = '20.19.0';

/**
 * Loads a program where this Node is new enough for it. A program that is imported at once fails on an
 * older one before its first line, with a stack that says nothing of versions.
 */
export async function onSupportedNode(load: () => Promise<unknown>): Promise<void> {
  const { node } = process.versions;
  if (isOlder(node, oldest)) {
    process.stderr.write(`Gatehouse needs Node ${oldest} or later, and this is Node ${node}.\n`);
    process.exitCode = 1;
    return;
  }
  keepCompiledCode();
  await load();
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = than.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
