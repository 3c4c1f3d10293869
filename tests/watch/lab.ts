/** A bottle with something of every kind that others can break. */
import { sh } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

export const lab = `name: lab
networks:
  front: { subnet: [10.71.0.0/24, "fd71::/64"], mode: nat }
  back: { subnet: [10.72.0.0/24, "fd72::/64"], shared: true }
routers:
  gate: { networks: { front: [10.71.0.2, "fd71::2"], back: [10.72.0.1, "fd72::1"] }, nat: { masquerade: front } }
machines:
  web: { networks: { front: [10.71.0.10, "fd71::10"] }, listen: [http], run: { keep: exec sleep 1001 } }
  db: { networks: { back: [10.72.0.10, "fd72::10"] }, listen: [ssh], tenant: acme }
forwards:
  host tcp/8080: web:80
policy:
  any -> any: ping
  back -> web: http
`;

const places = ['lab', 'lab.web', 'lab.gate', 'lab.db'];

/** Without numbers that the kernel gives anew to what was made anew. */
const LOOK = `
  nft -s list ruleset
  ip -br link show | sed 's/@[^ ]*//' | tr -s ' ' | sort
  ip -o addr show | sed 's/^[0-9]*: //' | sort
  ip route show | sort; ip -6 route show | sort
  for key in ipv4/ip_forward ipv4/conf/all/rp_filter ipv4/conf/default/rp_filter ipv6/conf/all/forwarding; do cat /proc/sys/net/$key; done
`;

/** What the kernel says of the bottle's namespaces and of the host, in the words of other tools. */
export async function looks(host: PrivateHost): Promise<string> {
  const inside = places.map((name) => `echo "# ${name}"; ip netns exec ${name} sh -c "$look" || :`).join('\n');
  return await sh(host, `look='${LOOK.replaceAll("'", `'\\''`)}'\n${inside}\necho "# host"; sh -c "$look"; ls /run/netbottle/lab/netns`);
}
