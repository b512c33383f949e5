import fc from 'fast-check';
import { rawMember } from '../../../src/federation/coprocessor/raw-member.ts';

describe('the text of a member', () => {
  it.each([
    ['{"body":{"a":1.0}}', '{"a":1.0}'],
    ['{"body":1152921504606846976}', '1152921504606846976'],
    ['{"x":{"body":1},"y":["body",2],"body":"\\u00e9\\"}"}', '"\\u00e9\\"}"'],
    ['{ "body" : [ 1, { "b": "]" } ] , "z": 0 }', '[ 1, { "b": "]" } ]'],
    ['{"b\\u006fdy":null}', 'null'],
    ['{"body":1,"body":2}', '2'],
    ['{"other":1}', undefined],
    ['{}', undefined],
    ['[{"body":1}]', undefined],
    ['"body"', undefined],
  ])('of %s is %s', (json, text) => {
    expect(rawMember(json, 'body')).toBe(text);
  });

  it('is what was printed, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (others, body) => {
        const json = JSON.stringify({ ...others, body });
        expect(rawMember(json, 'body')).toBe(JSON.stringify(body));
      }),
    );
  });
});
