const naming =
  /(__name ?= ?)\(target, ?value\) ?=> ?__defProp\(target, ?"name", ?\{ ?value, ?configurable: ?(?:!0|true) ?\}\)/;

/**
 * esbuild gives every function its name, each time that it is made, and those that are made for each
 * request cost it two fifths more processor time. Only classes need theirs.
 */
export function nameClassesOnly(text: string): string {
  if (!text.includes('__name')) return text;
  const plain = text.replace(naming, '$1(target) => target');
  if (plain === text && /__name ?= ?\(/.test(text)) {
    throw new Error('esbuild keeps names in a way that is not known here');
  }
  return plain.replaceAll(
    /static ?\{\s*__name\(this, ?("[^"]*")\);?\s*\}/g,
    'static{Object.defineProperty(this,"name",{value:$1,configurable:!0})}',
  );
}
