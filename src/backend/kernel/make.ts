/** Makes and changes what the kernel holds, with one visit to each namespace for its wires and one for its settings. */
import { groupBy } from '../../collection/group-by.ts';
import type { Making } from '../../plan/backend.ts';
import { HOST } from '../../resource/resource.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import { changeHostSetting } from './host-settings.ts';
import { makeSettings, settingSide, settingsOf } from './make-settings.ts';
import { isWire, makeWires, wireSide } from './make-wires.ts';
import { makeNamespaces } from './namespaces.ts';
import { writeSysctls } from './sysctl.ts';
import { eachInTurn, type Site, visit } from './visit.ts';

export async function make(site: Site, makings: readonly Making[]): Promise<void> {
  // Settings before the wires, because new devices take theirs from the namespace's defaults.
  const sysctls = groupBy(
    makings.flatMap(({ after }) => (after.kind === 'sysctl' ? [after] : [])),
    ({ namespace }) => namespace,
  );
  const namespaces = makings.flatMap(({ after }) => (after.kind === 'namespace' ? [after.name] : []));
  if (namespaces.length > 0) await makeNamespaces(site, namespaces, (name) => sysctls.get(name) ?? []);
  const fresh = new Set(namespaces);
  await eachInTurn(sysctls, ([namespace, group]) => {
    if (!fresh.has(namespace)) makeSysctls(site, namespace, group);
  });
  const wires = makings.filter(isWire);
  await eachInTurn(
    groupBy(wires, ({ after }) => wireSide(after)),
    ([namespace, group]) => makeWires(site, namespace, group),
  );
  const settings = makings.flatMap(settingsOf);
  await eachInTurn(groupBy(settings, settingSide), ([namespace, group]) => makeSettings(site, namespace, group));
}

function makeSysctls(site: Site, namespace: string, sysctls: readonly Sysctl[]): void {
  if (namespace !== HOST) visit(site, namespace, (socket) => writeSysctls(socket, sysctls));
  else for (const { key, value, atLeast } of sysctls) changeHostSetting(site.home, site.bottle, key, value, atLeast === true);
}
