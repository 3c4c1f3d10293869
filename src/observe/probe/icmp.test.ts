import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heard4, heard6 } from './icmp.ts';
import { addressFrom } from './sockaddr.ts';

const by = addressFrom(new Uint8Array(16));

test('an error is about the packet inside it', () => {
  const outer = [0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 10, 1, 0, 1, 10, 1, 0, 10];
  const inner = [0x45, 0, 0, 60, 0, 0, 0, 0, 63, 6, 0, 0, 10, 1, 0, 10, 10, 2, 0, 10, 0xab, 0xcd, 0, 22, 0, 0, 0, 0];
  expect(heard4(Uint8Array.from([...outer, 3, 13, 0, 0, 0, 0, 0, 0, ...inner]))).toEqual({
    kind: 'error',
    by: { family: 4, value: 0x0a010001n },
    cause: { kind: 'unreachable', reason: 'admin-prohibited' },
    subject: { protocol: 'tcp', to: { family: 4, value: 0x0a02000an }, first: 0xabcd, second: 22 },
  });
});

test('what is cut short or makes no sense is passed over', () => {
  const packets = fc.uint8Array({ maxLength: 100 });
  fc.assert(
    fc.property(packets, (packet) => {
      for (const type of [0, 3, 11, 12]) heard4(Uint8Array.from([0x45, ...packet.subarray(0, 19), type, ...packet.subarray(19)]));
      for (const type of [1, 2, 3, 4, 129]) heard6(Uint8Array.from([type, ...packet]), by);
      heard4(packet);
    }),
  );
});
