import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markIn, markText } from './mark.ts';

const word = fc.stringMatching(/^[a-z@][a-z0-9./@-]{0,30}$/);

describe('a mark', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.record({ bottle: word, kind: word, name: word, end: fc.constantFrom(0 as const, 1 as const) }), (mark) => {
        expect(markIn(markText(mark))).toEqual(mark);
      }),
    );
  });

  test.each([
    '',
    'eth0',
    'netbottle',
    'netbottle:corp',
    'netbottle:corp:veth',
    'mynetbottle:corp:veth:a/b:0',
    'netbottle:corp:veth:a/b:0:more',
  ])('is not seen in %j', (alias) => {
    expect(markIn(alias)).toBeUndefined();
  });
});
