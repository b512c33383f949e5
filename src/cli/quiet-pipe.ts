/**
 * Ends quietly when nobody reads on, as behind `| head`: what was read was what was wanted, and a stack
 * would only stand in its way.
 */
export function endWithReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
