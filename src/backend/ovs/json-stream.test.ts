import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonStream } from './json-stream.ts';

const whole = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));

test('values that come in pieces of any size, one right after the other, are found again', () => {
  fc.assert(
    fc.property(fc.array(whole), fc.integer({ min: 1, max: 40 }), (values, size) => {
      const bytes = Buffer.from(values.map((value) => JSON.stringify(value)).join(''));
      const stream = new JsonStream();
      const found: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...stream.push(bytes.subarray(at, at + size)));
      expect(JSON.stringify(found)).toBe(JSON.stringify(values));
    }),
  );
});

test('brackets and quotes in texts end nothing', () => {
  expect(new JsonStream().push(Buffer.from('{"a":"]}\\"{","b":["\\\\"]} [1]'))).toEqual([{ a: ']}"{', b: ['\\'] }, [1]]);
});

test('what is not JSON is refused', () => {
  expect(() => new JsonStream().push(Buffer.from('HTTP/1.1 400 Bad Request }'))).toThrow(SyntaxError);
});
