import * as z from 'zod';
import { flowSchema, groupOfFlowsSchema, portName } from './flow.ts';
import { trunkSchema } from './trunk.ts';
import { addresses, ageing, name, networkName, oneOrMore, stp, text } from './words.ts';

const mirrorSchema = z
  .strictObject({
    sources: oneOrMore(portName)
      .optional()
      .meta({ description: 'Frames that come in by these ports.', examples: ['web'] }),
    destinations: oneOrMore(portName)
      .optional()
      .meta({ description: 'Frames that leave by these ports.', examples: ['web'] }),
    networks: z
      .array(networkName)
      .optional()
      .meta({ description: 'Frames of these networks only.', examples: [['green']] }),
    to: portName.meta({ description: 'The port that gets the copies. It carries nothing else.', examples: ['probe'] }),
  })
  .meta({
    title: 'mirror',
    description: 'Copies of frames; of all of them, unless sources or destinations are given.',
    examples: [{ sources: 'web', destinations: 'web', to: 'probe' }],
  });

export const switchSchema = z
  .strictObject({
    type: z.enum(['auto', 'linux', 'ovs']).optional().meta({
      default: 'auto',
      description:
        'What it is: a Linux bridge, or a bridge of Open vSwitch. `auto` takes the first where the kernel can filter VLANs, or there are none.',
    }),
    machine: text.optional().meta({
      description:
        'The machine that it runs in, with an Open vSwitch of its own, for switches of `type: ovs`. Unless given, it is a box by itself.',
      examples: ['boxa'],
    }),
    trunks: z
      .record(z.string(), trunkSchema)
      .optional()
      .meta({
        description:
          'Cables to other switches, each written at one of the two, that carry several networks; or tunnels, between switches in machines.',
        examples: [{ boxb: {} }, { boxb: { allow: ['green', 'red'] } }, { boxb: { over: 'underlay', id: 100 } }],
      }),
    address: addresses.optional().meta({
      description:
        'Its own address, or several: of the host, or with `machine` of that machine. Each is in the network on the switch whose subnet has it; `auto` is one where a single network is on it.',
      examples: ['10.1.0.1', ['10.1.0.1', '10.2.0.1']],
    }),
    stp: stp.optional().meta({ description: 'Whether it speaks the spanning tree protocol, as trunks in a ring need it.' }),
    ageing: ageing.optional().meta({
      description:
        'How long it remembers behind which port a MAC address is, after it was heard there; 0 for not at all. Open vSwitch takes 15 to 3600 whole seconds.',
    }),
    flows: z.array(flowSchema).optional().meta({
      description:
        'OpenFlow rules, for switches of Open vSwitch. A port is called after the machine, switch or `host` that is plugged in, with the network where there are several: `web.green`. In table 0, what no rule matches is switched, unless a rule of priority 0 says otherwise; in others it is dropped.',
    }),
    groups: z.array(groupOfFlowsSchema).optional().meta({ description: 'Groups that flows send frames to.' }),
    controller: oneOrMore(z.string().meta({ title: 'connection' }))
      .optional()
      .meta({
        description:
          'Who tells the switch its flows instead of the file, as ovsdb(7) writes connections. Until it answers, frames are switched.',
        examples: ['unix:/run/controller.sock', 'tcp:127.0.0.1:6653'],
      }),
    mirrors: z
      .record(name, mirrorSchema)
      .optional()
      .meta({ description: 'Copies of frames to a port, by name; for switches of Open vSwitch.' }),
  })
  .meta({ title: 'switch', description: 'A switch on which several networks can be.', examples: [{ trunks: { boxb: {} } }] });

export type SwitchSpec = z.infer<typeof switchSchema>;
