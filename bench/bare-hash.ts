/**
 * Compares passwords with bcryptjs and does nothing else, for so many milliseconds. Prints how many a
 * second, and how long it took: the rate that log-ins can't exceed.
 */
import bcrypt from 'bcryptjs';

const [duration, passwordHash = '', password = ''] = process.argv.slice(2);
const milliseconds = Number(duration);
bcrypt.compareSync(password, passwordHash);
const start = performance.now();
let hashes = 0;
while (performance.now() - start < milliseconds) {
  if (!bcrypt.compareSync(password, passwordHash)) throw new Error('the hash does not match');
  hashes += 1;
}
process.stdout.write(JSON.stringify((hashes / (performance.now() - start)) * 1_000));
