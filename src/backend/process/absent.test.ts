import { expect, test } from 'vitest';
import { absentOf } from './absent.ts';

const line = (text: string, more: object = {}) => ({ command: ['/bin/sh', '-c', text], environment: {}, directory: '/', ...more });

test.each([
  ['nosuchprogram --now', 'there is no program nosuchprogram'],
  ['nosuchprogram;ls', 'there is no program nosuchprogram'],
  ['./no.sh', 'there is no program ./no.sh'],
  ['  ls -l', undefined],
  ['bin/ls', undefined],
  ['while :; do sleep 1; done', undefined],
  ['cd /tmp && nosuchprogram', undefined],
  [': nothing', undefined],
  ['. /etc/profile', undefined],
  ['PORT=80 nosuchprogram', undefined],
  ['"$HOME/bin/server"', undefined],
  ['serve() { sleep 1; }; serve', undefined],
  ['serve () { sleep 1; }; serve', undefined],
  ['{ nosuchprogram; }', undefined],
])('%s: %s', (text, absent) => {
  expect(absentOf([line(text)])).toEqual([absent]);
});

test('programs are looked for where the command would, and all are told of', () => {
  expect(
    absentOf([
      line('ls', { environment: { PATH: '/nonexistent' } }),
      { command: ['nosuchprogram'], environment: {}, directory: '/' },
      { command: ['ls', '-l'], environment: {}, directory: '/' },
      { command: ['while'], environment: {}, directory: '/' },
      line('ls', { directory: '/nonexistent' }),
    ]),
  ).toEqual([
    'there is no program ls',
    'there is no program nosuchprogram',
    undefined,
    'there is no program while',
    'there is no directory /nonexistent',
  ]);
});
