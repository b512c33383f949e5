/**
 * The text of one member of a JSON object, exactly as it was written: `1.0` stays `1.0`, and 2^60 what
 * it is, where parsing and printing again would change them.
 *
 * @param json a JSON object that is known to parse
 * @returns undefined when it has no such member; of several the last, as JSON.parse has it
 */
export function rawMember(json: string, name: string): string | undefined {
  let found: string | undefined;
  let depth = 0;
  let key: string | undefined;
  let start = -1;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') {
      const end = endOfText(json, at);
      if (depth === 1 && start === -1) key = JSON.parse(json.slice(at, end));
      at = end - 1;
    } else if (character === ':' && depth === 1) {
      start = at + 1;
    } else if (character === '{' || character === '[') {
      depth += 1;
    } else if (character === '}' || character === ']' || character === ',') {
      if (depth === 1 && start !== -1) {
        if (key === name) found = json.slice(start, at).trim();
        start = -1;
      }
      if (character !== ',') depth -= 1;
    }
  }
  return found;
}

/** Where a text that begins here is over. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
