import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { assignAddresses } from './addresses/addresses.ts';
import { assignMacs } from './addresses/macs.ts';
import { checkOverlaps } from './addresses/overlaps.ts';
import { assemble, withForwards, withLearned } from './assemble.ts';
import { joinSegments } from './broadcast-domains.ts';
import { nameDevices } from './devices.ts';
import { endReader } from './ends.ts';
import { readExpectations } from './expectations.ts';
import { readGroups } from './groups.ts';
import { checkHostLegs, readHostLegs } from './host-legs.ts';
import { checkImpairments } from './impairment-place.ts';
import { readListens } from './listens.ts';
import { readNames } from './names.ts';
import { checkForwards } from './nat/conflicts.ts';
import { readForwards } from './nat/forwards.ts';
import { readSourceNats } from './nat/source-nat.ts';
import { placeForwards } from './nat/targets.ts';
import type { Network } from './network.ts';
import { readNodes } from './nodes.ts';
import { checkOverlays } from './overlay/checks.ts';
import { readEndpoints } from './overlay/endpoints.ts';
import { fitted } from './overlay/mtu.ts';
import { throughTransit } from './overlay/transit.ts';
import { checkPolicy } from './policy/lints.ts';
import { readPolicy } from './policy/policy.ts';
import { readProcesses } from './processes.ts';
import { createReport } from './report.ts';
import { assignResolvers } from './resolvers.ts';
import { checkAsymmetry } from './routing/asymmetry.ts';
import { readBgp } from './routing/bgp.ts';
import { readOspf } from './routing/ospf.ts';
import { checkReachability } from './routing/reachability.ts';
import { assignRoutes } from './routing/routes.ts';
import { routingGraph } from './routing/routing-graph.ts';
import { checkDefaults } from './routing/routing-words.ts';
import { createWalker } from './routing/walk.ts';
import { checkMtu, readSegments } from './segments.ts';
import { readServices } from './services.ts';
import { checkSwitching } from './switching/checks.ts';
import { checkCrowding } from './switching/crowding.ts';
import { readOwnAddresses, withHostOn } from './switching/own-addresses.ts';
import { programmed } from './switching/programmed-switches.ts';
import { readSwitches } from './switching/switches.ts';
import { tunnelsUnder } from './switching/trunk-tunnels.ts';
import { checkTunnels } from './switching/tunnel-checks.ts';
import { placedTrunks } from './switching/tunnel-ends.ts';
import { readWires } from './switching/wires.ts';
import { checkTenants } from './tenants.ts';
import { checkUsage } from './usage.ts';

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
  const written = readSegments(file, report);
  const ownAddresses = readOwnAddresses(file, written, report);
  const own = withHostOn(written, ownAddresses);
  const segments = fitted(own, tunnelsUnder(file, own));
  for (const segment of segments) checkMtu(segment, report);
  const nodes = readNodes(file, names, ownAddresses.ofMachines, report);
  const hostLegs = readHostLegs(segments, ownAddresses.ofHost, report);
  const domains = joinSegments(segments, nodes, hostLegs, report);
  const groups = readGroups(file, names, report);
  checkHostLegs(domains, report);
  checkOverlaps(domains, report);
  checkUsage(segments, nodes, domains, report);
  checkTenants(segments, nodes, domains, report);
  checkImpairments(segments, report);
  checkOverlays(segments, nodes, names, report);
  const wiring = readSwitches(file, segments, names, report);
  checkSwitching(segments, nodes, wiring, names, report);
  checkCrowding(nodes, hostLegs, wiring, report);
  checkTunnels({ file, segments, nodes, switching: wiring, names, report });

  // What everything is called.
  const devices = nameDevices(file.name, segments, nodes, wiring);
  const macs = assignMacs(file.name, domains, report);
  const wires = readWires(file.name, segments, nodes, wiring, devices, macs, report);
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
  const fitting = throughTransit(withoutForwards, segments, wiring.trunks, walker, report);
  const network = withForwards(fitting, placeForwards(forwards, fitting, walker, report));
  checkDefaults(network, report);
  checkForwards(network.forwards, network, report);
  checkReachability(network, walker, report);
  checkAsymmetry(network, walker, report);
  checkPolicy(network, domains, report);
  return { network: report.failed ? undefined : network, diagnostics: report.diagnostics };
}
