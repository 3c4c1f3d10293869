import { expect, test } from 'vitest';
import { pathFromHere } from './path-from-here.ts';

test.each([
  ['/home/me/lab/bottle.yaml', '/home/me/lab', 'bottle.yaml'],
  ['/home/me/lab/bottle.yaml', '/home/me', 'lab/bottle.yaml'],
  ['/home/me/..lab.yaml', '/home/me', '..lab.yaml'],
  ['/home/me/lab/bottle.yaml', '/home/me/other', '/home/me/lab/bottle.yaml'],
  ['/home/me/lab/bottle.yaml', '/home/me/la', '/home/me/lab/bottle.yaml'],
])('%s is called, in %s, %s', (path, directory, called) => {
  expect(pathFromHere(path, directory)).toBe(called);
});
