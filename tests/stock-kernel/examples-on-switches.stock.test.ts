import { test } from 'vitest';
import { raiseExample } from './raise-example.ts';

test.each(['vlan', 'router-on-a-stick', 'ovs-vlan', 'openflow', 'impaired', 'ospf', 'bgp'])(
  '%s keeps its promises, needs nothing a second time, and goes without a trace',
  (folder) => raiseExample(folder, { routesLearned: folder === 'ospf' || folder === 'bgp' }),
);
