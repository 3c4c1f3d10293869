/** Makes and changes what the kernel holds, with one visit to each namespace for its wires and one for its settings. */
import { setTimeout as sleep } from 'node:timers/promises';
import { groupBy } from '../../collection/group-by.ts';
import type { Making } from '../../plan/backend.ts';
import { HOST } from '../../resource/resource.ts';
import { deviceOf, type Sysctl } from '../../resource/sysctl.ts';
import { changeHostSetting } from './host-settings.ts';
import { makeSettings, settingSide, settingsOf } from './make-settings.ts';
import { isWire, makeWires, wireSide } from './make-wires.ts';
import { linkNames, makeNamespaces } from './namespaces.ts';
import { devices } from './netlink/devices.ts';
import { changeDevice } from './netlink/link.ts';
import { isSettling } from './netlink/settling.ts';
import { writeSysctls } from './sysctl.ts';
import { eachInTurn, type Site, visit } from './visit.ts';

export async function make(site: Site, makings: readonly Making[]): Promise<void> {
  const sysctls = makings.flatMap(({ after }) => (after.kind === 'sysctl' ? [after] : []));
  const ofNamespaces = groupBy(
    sysctls.filter((one) => deviceOf(one) === undefined),
    ({ namespace }) => namespace,
  );
  // Before the wires, because new devices take theirs from the namespace's defaults.
  const named = (isFresh: boolean): readonly string[] =>
    makings.flatMap(({ before, after }) => (after.kind === 'namespace' && (before === undefined) === isFresh ? [after.name] : []));
  linkNames(site, named(false));
  const namespaces = named(true);
  if (namespaces.length > 0) await makeNamespaces(site, namespaces, (name) => ofNamespaces.get(name) ?? []);
  const fresh = new Set(namespaces);
  await eachInTurn(ofNamespaces, ([namespace, group]) => {
    if (!fresh.has(namespace)) makeSysctls(site, namespace, group);
  });
  const wires = makings.filter(isWire);
  await eachInTurn(
    groupBy(wires, ({ after }) => wireSide(after)),
    ([namespace, group]) => makeWires(site, namespace, group),
  );
  const settings = makings.flatMap(settingsOf);
  await eachInTurn(groupBy(settings, settingSide), ([namespace, group]) => makeSettings(site, namespace, group));
  const ofDevices = sysctls.filter((one) => deviceOf(one) !== undefined);
  await eachInTurn(
    groupBy(ofDevices, ({ namespace }) => namespace),
    ([namespace, group]) => makeSysctls(site, namespace, group),
  );
  // Once all cables lead to where they shall: an announcement goes out once.
  const announced = makings.flatMap(({ after }) => (after.kind === 'address' && after.announced === true ? [after] : []));
  if (announced.length === 0) return;
  const ends = makings.flatMap(({ after }) => (after.kind === 'veth' ? after.ends.filter(({ master }) => master !== undefined) : []));
  await untilSettled(site, new Set([...announced, ...ends].map(({ namespace }) => namespace)));
  await eachInTurn(
    groupBy(announced, ({ namespace }) => namespace),
    ([namespace, group]) => announce(site, namespace, new Set(group.map(({ device }) => device))),
  );
}

/** Milliseconds between two looks, and how often to look: a device of the host may never come to it. */
const SETTLING_PAUSE = 5;
const SETTLING_LOOKS = 200;

async function untilSettled(site: Site, namespaces: ReadonlySet<string>): Promise<void> {
  const settling = (): boolean => [...namespaces].some((namespace) => visit(site, namespace, isSettling));
  for (let looks = 1; looks < SETTLING_LOOKS && settling(); looks++) await sleep(SETTLING_PAUSE);
}

/**
 * The kernel announces the addresses of a device when it comes up or gets its MAC address (arp_notify and ndisc_notify in
 * ip-sysctl.rst), and not when an address is added: it is given the one that it has.
 */
function announce(site: Site, namespace: string, names: ReadonlySet<string>): void {
  visit(site, namespace, (socket) => {
    for (const { name, mac } of devices(socket)) if (names.has(name)) changeDevice(socket, name, { mac });
  });
}

function makeSysctls(site: Site, namespace: string, sysctls: readonly Sysctl[]): void {
  if (namespace !== HOST) visit(site, namespace, (socket) => writeSysctls(socket, sysctls));
  else for (const { key, value, atLeast } of sysctls) changeHostSetting(site.home, site.bottle, key, value, atLeast === true);
}
