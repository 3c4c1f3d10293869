/** Two states of a bottle, and a host to raise them on: what kills and faults are tried on. */
import { cpSync, readFileSync } from 'node:fs';
import { type Bottle, bottleIn, example, sh, write } from '../cli/bottle.ts';
import { surround } from '../examples/surroundings.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import type { HostState } from '../host-state/snapshot.ts';

export interface Subject {
  readonly host: PrivateHost;
  readonly bottle: Bottle;
  /** Name of the bottle in the files. */
  readonly name: string;
  /** The first state, and the one it is changed to. */
  readonly first: string;
  readonly second: string;
  /** The host without the bottle. */
  readonly before: HostState;
}

/** Every kind of thing that a host can hold for a bottle is in it. */
const FIRST = `
name: small
networks:
  front: { subnet: [10.1.0.0/24, "fd00:1::/64"], mode: nat }
  back: { subnet: 10.2.0.0/24, shared: true }
  plug: { subnet: 10.3.0.0/24, mode: bridged, attach: { interface: there, by: veth } }
  lan: { subnet: 10.4.0.0/24, mode: bridged, attach: { interface: lower } }
links:
  wire: { subnet: 10.9.0.0/31, ends: { gate: auto, db: auto } }
routers:
  gate: { networks: { front: [10.1.0.2, "fd00:1::2"], back: 10.2.0.1 } }
machines:
  web: { networks: { front: [10.1.0.10, "fd00:1::10"] }, listen: [http], run: exec sleep 1001 }
  db: { networks: { back: 10.2.0.10 }, listen: [ssh], run: { keep: exec sleep 1002, other: exec sleep 1003 } }
  box: { networks: { plug: 10.3.0.10 } }
  phone: { networks: { lan: 10.4.0.10 } }
forwards:
  host tcp/8080: web:80
policy:
  web -> db: [ping, ssh]
  db -> web: { allow: http, log: true }
  any -> web: http
expect:
  web -> db: only [ping, ssh]
  db -> web: http
`;

/** Removes, replaces, changes and adds. */
const SECOND = `
name: small
networks:
  front: { subnet: [10.1.0.0/24, "fd00:1::/64"], mode: host-only, mtu: 1400 }
  back: { subnet: 10.2.7.0/24 }
  plug: { subnet: 10.3.0.0/24 }
  lan: { subnet: 10.4.0.0/24, mode: bridged, attach: { interface: there, by: veth } }
  more: { subnet: 10.5.0.0/24, mode: routed }
routers:
  gate: { networks: { front: [10.1.0.2, "fd00:1::2"], back: 10.2.7.1 } }
  exit: { networks: { back: 10.2.7.2, more: 10.5.0.2 } }
machines:
  web: { networks: { front: [10.1.0.10, "fd00:1::10"] }, listen: [http, https], run: exec sleep 1004 }
  db: { networks: { back: 10.2.7.10 }, listen: [http], run: { keep: exec sleep 1002 } }
  box: { networks: { plug: 10.3.0.10, more: 10.5.0.10 } }
  tablet: { networks: { lan: 10.4.0.11 } }
forwards:
  gate tcp/8080: db:80
policy:
  any -> any: [ping, https]
  web -> db: http
  otherwise: reject
expect:
  web -> db: [ping, http]
  db -> exit: ping
  db -> web: https
`;

/** A host with an uplink and two interfaces to join networks with, and the small example. */
export async function withSmall<T>(use: (subject: Subject) => Promise<T>): Promise<T> {
  return await inPrivateHost({ uplink: true }, async (host) => {
    await sh(
      host,
      'for name in there lower; do ip link add $name type veth peer name to-$name; ip link set $name up; ip link set to-$name up; done',
    );
    const [first, second] = [write(host, FIRST, 'first.yaml'), write(host, SECOND, 'second.yaml')];
    return await use({ host, bottle: bottleIn(host), name: 'small', first, second, before: await settled(host) });
  });
}

/** An example of the project's; a text that makes it another may be given. */
export async function withExample<T>(
  folder: string,
  file: string,
  change: (text: string) => string,
  use: (subject: Subject) => Promise<T>,
): Promise<T> {
  return await inPrivateHost({ uplink: true }, async (host) => {
    await surround(host, folder);
    // A process may have its working directory beside the file.
    cpSync(example(folder), host.directory, { recursive: true });
    const text = readFileSync(example(folder, file), 'utf8');
    const [first, second] = [write(host, text, `first-${file}`), write(host, change(text), `second-${file}`)];
    const name = /^ *name: '?([a-z0-9-]+)/m.exec(text)?.[1] ?? folder;
    return await use({ host, bottle: bottleIn(host, { timeout: 120_000 }), name, first, second, before: await settled(host) });
  });
}

/** Addresses of new interfaces come a moment later. */
async function settled(host: PrivateHost): Promise<HostState> {
  await sh(host, 'for i in $(seq 100); do ip -6 address show tentative | grep -q . || break; sleep 0.05; done');
  return await host.state();
}
