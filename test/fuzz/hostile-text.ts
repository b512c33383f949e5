import fc from 'fast-check';

/** Text of every kind: plain, of any code point, with lone surrogates, and what has broken others. */
export const hostileText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.json(),
  fc.base64String(),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\u202e',
    '__proto__',
    'constructor',
    'null',
    'undefined',
    'NaN',
    'j:{"a":1}',
    's:abc.def',
    '%00',
    '%E0%A4%A',
    "' OR 1=1 --",
    '#{7*7}',
    '{{7*7}}',
    '../../etc/passwd',
    '<script>',
    '\r\nSet-Cookie: a=b',
    'x'.repeat(10_000),
    '🦄'.repeat(300),
    'e\u0301'.repeat(300),
    '\u0958'.repeat(256),
    'ﷺ'.repeat(256),
  ),
);

/** Text that may stand in a header: bytes without controls. */
export const headerText = fc
  .oneof(
    hostileText,
    fc.array(fc.integer({ min: 0x20, max: 0xff })).map((bytes) => String.fromCharCode(...bytes)),
  )
  .map((text) =>
    text
      .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
      .trim()
      .slice(0, 12_000),
  );

/** A text with some of its characters changed, cut or doubled. */
export function mutationsOf(text: string): fc.Arbitrary<string> {
  const at = fc.nat(Math.max(0, text.length - 1));
  return fc.oneof(
    fc
      .tuple(at, fc.string({ minLength: 1, maxLength: 1 }))
      .map(([index, char]) => text.slice(0, index) + char + text.slice(index + 1)),
    at.map((index) => text.slice(0, index)),
    at.map((index) => text.slice(index)),
    at.map((index) => text.slice(0, index) + text.slice(index + 1)),
    fc
      .tuple(at, hostileText)
      .map(([index, more]) => text.slice(0, index) + more + text.slice(index)),
    fc.constantFrom(`${text}=`, `${text} `, ` ${text}`, text + text, text.toUpperCase()),
  );
}
