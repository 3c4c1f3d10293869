import { expect, test } from 'vitest';
import { spanningTree, type TreeBridge } from './spanning-tree.ts';

const bridge = (name: string, mac: string, priority = 32768): TreeBridge => ({ name, mac: `02:00:00:00:00:${mac}`, priority });

/** Cables such as `a-b`, whose ports are called `a-b` at a and `b-a` at b. */
function treeOf(bridges: readonly TreeBridge[], cables: readonly string[], more: readonly (readonly [string, string])[] = []) {
  const ends = cables.flatMap((cable) => {
    const [one = '', other = ''] = cable.split('-');
    return [
      [one, other],
      [other, one],
    ] as const;
  });
  const names = new Set(bridges.map(({ name }) => name));
  const ports = ends.filter(([at]) => names.has(at)).map(([at, to]) => ({ name: `${at}-${to}`, bridge: at, cost: 2 }));
  const joined = ends.map(([at, to]) => [`${at}-${to}`, `${to}-${at}`] as const);
  const { blocked, unclear } = spanningTree(bridges, ports, [...joined, ...more]);
  return { blocked: [...blocked].sort(), unclear: [...unclear] };
}

test('of a ring, the port is blocked that is the furthest from the bridge with the lowest identifier', () => {
  const ring = ['a-b', 'b-c', 'c-a'];
  expect(treeOf([bridge('a', '01'), bridge('b', '02'), bridge('c', '03')], ring)).toEqual({ blocked: ['c-b'], unclear: [] });
  expect(treeOf([bridge('a', '09'), bridge('b', '02'), bridge('c', '03')], ring)).toEqual({ blocked: ['a-c'], unclear: [] });
  expect(treeOf([bridge('a', '09'), bridge('b', '02'), bridge('c', '03', 4096)], ring)).toEqual({ blocked: ['a-b'], unclear: [] });
});

test('of a ring of four, the one opposite of the root has one way', () => {
  const bridges = [bridge('a', '01'), bridge('b', '03'), bridge('c', '04'), bridge('d', '02')];
  expect(treeOf(bridges, ['a-b', 'b-c', 'c-d', 'd-a'])).toEqual({ blocked: ['c-b'], unclear: [] });
});

test('without a ring nothing is blocked, however many roots there are', () => {
  const bridges = [bridge('a', '01'), bridge('b', '02'), bridge('c', '03'), bridge('d', '04')];
  expect(treeOf(bridges, ['a-b', 'c-d', 'a-web'])).toEqual({ blocked: [], unclear: [] });
});

test('bridges that only pass its messages on are part of a LAN', () => {
  const through = [['x-a', 'x-b'] as const, ['x-b', 'x-c'] as const];
  const bridges = [bridge('a', '01'), bridge('b', '02'), bridge('c', '03')];
  expect(treeOf(bridges, ['a-x', 'b-x', 'c-x', 'b-c'], through)).toEqual({ blocked: ['c-b'], unclear: [] });
});

test('where only the numbers of ports decide, it is said', () => {
  const through = [['x-a', 'y-a'] as const];
  expect(treeOf([bridge('a', '01')], ['a-x', 'a-y'], through)).toEqual({ blocked: [], unclear: ['a'] });
});
