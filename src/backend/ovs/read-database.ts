/** The resources of a bottle in the database of one Open vSwitch. */
import type { Taken } from '../../plan/backend.ts';
import type { OvsMirror } from '../../resource/ovs-mirror.ts';
import { type OvsPort, ovsPortKey } from '../../resource/ovs-port.ts';
import { type OvsSwitch, ovsSwitchKey } from '../../resource/ovs-switch.ts';
import { interfaceIn, pathCostIn, switchIn, vlanIn } from './columns.ts';
import type { Contents } from './database.ts';
import { ownerOf } from './mark.ts';
import { flagIn, numberIn, numbersIn, type Row, referencesIn, textIn } from './wire.ts';

export interface Found {
  readonly resources: readonly (OvsSwitch | OvsPort | OvsMirror)[];
  readonly taken: readonly Taken[];
}

export function readDatabase(contents: Contents, namespace: string, bottle: string): Found {
  const resources: (OvsSwitch | OvsPort | OvsMirror)[] = [];
  const taken: Taken[] = [];
  for (const bridge of contents.Bridge.values()) {
    const name = textIn(bridge, 'name') ?? '';
    const isOurs = ownerOf(bridge) === bottle;
    if (isOurs) resources.push(switchOf(contents, bridge, namespace, name));
    else taken.push({ key: ovsSwitchKey(namespace, name), by: whose(bridge, 'bridge') });
    for (const port of rowsOf(contents.Port, bridge, 'ports')) {
      const own = textIn(port, 'name') ?? '';
      if (own === name && isOurs) continue;
      const found = ownerOf(port) === bottle ? portOf(contents, port, namespace, name, own) : undefined;
      if (found !== undefined) resources.push(found);
      else taken.push({ key: ovsPortKey(namespace, own), by: whose(port, 'port') });
    }
    for (const mirror of rowsOf(contents.Mirror, bridge, 'mirrors'))
      if (ownerOf(mirror) === bottle) resources.push(mirrorOf(contents, mirror, namespace, name));
  }
  return { resources, taken };
}

/** Names of the ports of a switch by their numbers, as text. */
export function portNumbers(contents: Contents, bridge: string): ReadonlyMap<string, string> {
  const rows = [...contents.Bridge.values()].filter((row) => textIn(row, 'name') === bridge);
  return new Map(
    rows
      .flatMap((row) => rowsOf(contents.Port, row, 'ports'))
      .flatMap((port) => rowsOf(contents.Interface, port, 'interfaces'))
      .map((behind) => [String(numberIn(behind, 'ofport') ?? ''), textIn(behind, 'name') ?? '']),
  );
}

function whose(row: Row, what: string): string {
  const owner = ownerOf(row);
  return owner === undefined ? `a ${what} of Open vSwitch that Netbottle did not make` : `bottle ${owner}`;
}

const rowsOf = (rows: ReadonlyMap<string, Row>, row: Row, column: string): readonly Row[] =>
  referencesIn(row, column)
    .map((id) => rows.get(id))
    .filter((found) => found !== undefined);

const namesOf = (contents: Contents, row: Row, column: string): readonly string[] =>
  rowsOf(contents.Port, row, column).map((port) => textIn(port, 'name') ?? '');

function switchOf(contents: Contents, row: Row, namespace: string, device: string): OvsSwitch {
  const controllers = rowsOf(contents.Controller, row, 'controller').map((controller) => textIn(controller, 'target') ?? '');
  return { kind: 'ovs-switch', origin: [], namespace, device, ...switchIn(row), controllers };
}

function portOf(contents: Contents, row: Row, namespace: string, bridge: string, name: string): OvsPort | undefined {
  const [behind] = rowsOf(contents.Interface, row, 'interfaces').map(interfaceIn);
  const pathCost = pathCostIn(row);
  return (
    behind && {
      kind: 'ovs-port',
      origin: [],
      namespace,
      switch: bridge,
      name,
      interface: behind,
      vlan: vlanIn(row),
      ...(pathCost === undefined ? {} : { pathCost }),
    }
  );
}

function mirrorOf(contents: Contents, row: Row, namespace: string, bridge: string): OvsMirror {
  const [port] = namesOf(contents, row, 'output_port');
  return {
    kind: 'ovs-mirror',
    origin: [],
    namespace,
    switch: bridge,
    name: textIn(row, 'name') ?? '',
    select: flagIn(row, 'select_all')
      ? 'all'
      : { sources: namesOf(contents, row, 'select_src_port'), destinations: namesOf(contents, row, 'select_dst_port') },
    vlans: numbersIn(row, 'select_vlan'),
    output: port === undefined ? { vlan: numberIn(row, 'output_vlan') ?? 0 } : { port },
  };
}
