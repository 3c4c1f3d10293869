import { test } from 'vitest';
import { raiseExample } from './raise-example.ts';

test.each(['gre', 'gre-mesh', 'geneve'])(
  '%s keeps its promises, also with the largest packets, needs nothing a second time, and goes without a trace',
  (folder) => raiseExample(folder, { fullSized: true }),
);

test.each(['vxlan', 'vxlan-multicast', 'vxlan-mesh', 'ovs-overlay'])(
  '%s keeps its promises, needs nothing a second time, and goes without a trace',
  (folder) => raiseExample(folder),
);
