import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from '../spec/schema.ts';
import { assignAddresses } from './addresses.ts';
import { assemble, withForwards, withLearned } from './assemble.ts';
import { checkAsymmetry } from './asymmetry.ts';
import { readBgp } from './bgp.ts';
import { joinSegments } from './broadcast-domains.ts';
import { nameDevices } from './devices.ts';
import { endReader } from './ends.ts';
import { readExpectations } from './expectations.ts';
import { checkForwards } from './forward-conflicts.ts';
import { placeForwards } from './forward-targets.ts';
import { readForwards } from './forwards.ts';
import { readGroups } from './groups.ts';
import { checkHostLegs, readHostLegs } from './host-legs.ts';
import { checkImpairments } from './impairment-place.ts';
import { readListens } from './listens.ts';
import { assignMacs } from './macs.ts';
import { readNames } from './names.ts';
import type { Network } from './network.ts';
import { readNodes } from './nodes.ts';
import { readOspf } from './ospf.ts';
import { checkOverlaps } from './overlaps.ts';
import { checkOverlays } from './overlay-checks.ts';
import { readEndpoints } from './overlay-endpoints.ts';
import { fitted } from './overlay-mtu.ts';
import { throughTransit } from './overlay-transit.ts';
import { readPolicy } from './policy.ts';
import { checkPolicy } from './policy-lints.ts';
import { readProcesses } from './processes.ts';
import { programmed } from './programmed-switches.ts';
import { checkReachability } from './reachability.ts';
import { createReport } from './report.ts';
import { assignResolvers } from './resolvers.ts';
import { assignRoutes } from './routes.ts';
import { routingGraph } from './routing-graph.ts';
import { checkDefaults } from './routing-words.ts';
import { checkMtu, readSegments } from './segments.ts';
import { readServices } from './services.ts';
import { readSourceNats } from './source-nat.ts';
import { checkSwitching } from './switch-checks.ts';
import { readSwitches } from './switches.ts';
import { checkTenants } from './tenants.ts';
import { tunnelsUnder } from './trunk-tunnels.ts';
import { checkTunnels } from './tunnel-checks.ts';
import { placedTrunks } from './tunnel-ends.ts';
import { checkUsage } from './usage.ts';
import { createWalker } from './walk.ts';
import { readWires } from './wires.ts';

export interface Resolution {
  /** Undefined when there is an error among the diagnostics. */
  readonly network: Network | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Works out the network that a file describes, with every address, name and route decided.
 *
 * The same file gives the same network, whatever the order of its parts. Never throws for a file that has passed the schema.
 *
 * @param options.directory absolute path that relative directories of `run:` start from; `/` unless given
 */
export function resolve(file: BottleFile, options: { readonly directory?: string } = {}): Resolution {
  const report = createReport();

  // Who is there.
  const names = readNames(file, report);
  const own = readSegments(file, report);
  const segments = fitted(own, tunnelsUnder(file, own));
  for (const segment of segments) checkMtu(segment, report);
  const nodes = readNodes(file, names, report);
  const hostLegs = readHostLegs(segments, report);
  const domains = joinSegments(segments, nodes, hostLegs, report);
  const groups = readGroups(file, names, report);
  checkHostLegs(domains, report);
  checkOverlaps(domains, report);
  checkUsage(segments, nodes, domains, report);
  checkTenants(segments, nodes, domains, report);
  checkImpairments(segments, nodes, report);
  checkOverlays(segments, nodes, names, report);
  const wiring = readSwitches(file, segments, names, report);
  checkSwitching(segments, nodes, wiring, names, report);
  checkTunnels({ file, segments, nodes, switching: wiring, names, report });

  // What everything is called.
  const devices = nameDevices(file.name, segments, nodes, wiring);
  const macs = assignMacs(file.name, domains, report);
  const wires = readWires(file.name, segments, nodes, wiring, devices, macs);
  const switching = programmed(wiring, file, { segments, nodes, wires, hostLegs, names, report });
  const addresses = assignAddresses(domains, report);
  const endpoints = readEndpoints(segments, nodes, addresses, devices);
  const trunks = placedTrunks(wiring, segments, nodes, addresses, devices);

  // How packets go.
  const graphs = { 4: routingGraph(4, domains, nodes, addresses), 6: routingGraph(6, domains, nodes, addresses) };
  const ospf = readOspf(file, nodes, { domains, names, report }, { addresses, devices });
  const bgp = readBgp(file, nodes, { domains, names, report }, { addresses, devices });
  const learning = new Set([...ospf.keys(), ...bgp.keys()]);
  const routes = assignRoutes(segments, nodes, graphs, devices, learning, names, report);
  const resolvers = assignResolvers(segments, nodes, addresses, graphs, names, report);
  const nats = readSourceNats(file, segments, nodes, names, graphs, report);

  // What runs, and what is promised.
  const services = readServices(file, report);
  const hosts = nodes.filter((node) => node.kind !== 'bridge');
  const listens = new Map(hosts.map((node) => [node.name, readListens(node, services, report)]));
  const processes = new Map(hosts.map((node) => [node.name, readProcesses(node, options.directory ?? '/', report)]));
  const ends = endReader(names, nodes, groups);
  const expectations = readExpectations(file, ends, services, report);
  const policy = readPolicy(file, ends, services, report);
  const forwards = readForwards(file, segments, names, graphs, services, report);

  if (report.failed) return { network: undefined, diagnostics: report.diagnostics };
  const assembled = assemble(file.name, {
    segments,
    switching,
    trunks,
    nodes,
    groups,
    policy,
    expectations,
    nats,
    devices,
    macs,
    wires,
    addresses,
    endpoints,
    routes,
    ospf,
    bgp,
    resolvers,
    listens,
    processes,
  });

  // Whether it can do what it is to do.
  const withoutForwards = withLearned(assembled);
  const walker = createWalker(withoutForwards);
  const fitting = throughTransit(withoutForwards, segments, walker, report);
  const network = withForwards(fitting, placeForwards(forwards, fitting, walker, report));
  checkDefaults(network, report);
  checkForwards(network.forwards, network, report);
  checkReachability(network, walker, report);
  checkAsymmetry(network, walker, report);
  checkPolicy(network, domains, report);
  return { network: report.failed ? undefined : network, diagnostics: report.diagnostics };
}
