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
  ['PORT=80 nosuchprogram', 'there is no program nosuchprogram'],
  [`PORT=80 NAME='a b' HOST="::" nosuchprogram`, 'there is no program nosuchprogram'],
  ['PORT=80', undefined],
  ['PORT=80; export PORT', undefined],
  ['PORT=80\nexport PORT', undefined],
  ['PORT=$(id -u) nosuchprogram', undefined],
  ['PATH=/opt/bin nosuchprogram', undefined],
  ['X=1 cd /tmp', undefined],
  ['exec nosuchprogram -p 80', 'there is no program nosuchprogram'],
  ['exec ls', undefined],
  ['exec cd', 'there is no program cd'],
  ['exec', undefined],
  ['exec\nsleep 1', undefined],
  ['exec >log', undefined],
  ['exec 2>&1; ls', undefined],
  ['exec 2>&1 nosuchprogram', undefined],
  ['exec -a name nosuchprogram', undefined],
  ['exec "$SHELL"', undefined],
  ['X=1 exec env Y=2 nosuchprogram', 'there is no program nosuchprogram'],
  ['env X=1 nosuchprogram', 'there is no program nosuchprogram'],
  ['/usr/bin/env X=1 nosuchprogram', 'there is no program nosuchprogram'],
  ['env X=1 ls', undefined],
  ['env', undefined],
  ['env X=1', undefined],
  ['env -i nosuchprogram', undefined],
  ['env PATH=/opt/bin nosuchprogram', undefined],
  ['2>/dev/null ls', undefined],
  ['nosuchprogram || sleep 1', undefined],
  ['nosuchprogram\nsleep 1', 'there is no program nosuchprogram'],
  ["'nosuchprogram' --now", 'there is no program nosuchprogram'],
  ['# nothing', undefined],
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
      { command: ['env', 'X=1 2', 'nosuchprogram', '-x'], environment: {}, directory: '/' },
      { command: ['env', '-u', 'X', 'nosuchprogram'], environment: {}, directory: '/' },
      { command: ['exec', 'ls'], environment: {}, directory: '/' },
      line('ls', { directory: '/nonexistent' }),
    ]),
  ).toEqual([
    'there is no program ls',
    'there is no program nosuchprogram',
    undefined,
    'there is no program while',
    'there is no program nosuchprogram',
    undefined,
    'there is no program exec',
    'there is no directory /nonexistent',
  ]);
});
