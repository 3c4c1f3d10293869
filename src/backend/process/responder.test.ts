import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { echo, endpoint } from './responder.ts';

it('writes endpoints as people do', () => {
  expect(endpoint('::ffff:10.1.0.9', 40312)).toBe('10.1.0.9:40312');
  expect(endpoint('10.1.0.9', 1)).toBe('10.1.0.9:1');
  expect(endpoint('fd00:1::9', 80)).toBe('[fd00:1::9]:80');
});

it('does not talk to another of its kind', async () => {
  const [one, other] = [createSocket('udp4'), createSocket('udp4')];
  const heard: string[] = [];
  one.on('message', (message, from) => {
    heard.push(message.toString());
    echo('web', one, message, from);
  });
  other.on('message', (message, from) => {
    heard.push(message.toString());
    echo('db', other, message, from);
    other.emit('answered');
  });
  for (const socket of [one, other]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
  const answered = once(other, 'answered');
  other.send('hello', one.address().port, '127.0.0.1');
  await answered;
  // A second question is answered after whatever the first has caused.
  const again = once(other, 'answered');
  other.send('again', one.address().port, '127.0.0.1');
  await again;
  const name = `web udp/${one.address().port}`;
  expect(heard).toEqual(['hello', `${name} hello`, 'again', `${name} again`]);
  one.close();
  other.close();
});
