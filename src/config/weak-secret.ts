/**
 * Attack: secrets copied from a tutorial, or short enough to search, let a stranger forge tokens
 * offline (ASVS 5.0 11.1, RFC 8725 section 3.5). Such a secret stops the start.
 */
const minimumBytes = 32;
const minimumDistinctCharacters = 10;
const knownPhrases = [
  'changeme',
  'change-me',
  'change_me',
  'change-this',
  'change_this',
  'replace-me',
  'replace_me',
  'replaceme',
  'your-256-bit-secret',
  'your-secret',
  'your_secret',
  'yoursecret',
  'supersecret',
  'super-secret',
  'super_secret',
  'super secret',
  'mysecret',
  'my-secret',
  'my_secret',
  'example-secret',
  'default-secret',
  'default_secret',
];

/** Says why a secret must not be used, or undefined when it may. The answer never holds the secret. */
export function weaknessOf(secret: string): string | undefined {
  const bytes = Buffer.byteLength(secret, 'utf8');
  if (bytes < minimumBytes) return `is ${bytes} bytes long, at least ${minimumBytes} are needed`;
  if (knownPhrases.some((phrase) => secret.toLowerCase().includes(phrase))) {
    return 'is a published default';
  }
  if (new Set(secret).size < minimumDistinctCharacters || repeats(secret)) {
    return 'repeats itself, it can be guessed';
  }
  return undefined;
}

function repeats(text: string): boolean {
  // A text is a repetition of a part exactly when it stands inside itself doubled, ends cut off.
  return (text + text).slice(1, -1).includes(text);
}
