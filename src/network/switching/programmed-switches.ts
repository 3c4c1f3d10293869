/** What more than switching the file asks of switches: flows, a controller, mirrors. */

import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { SwitchSpec } from '../../spec/schema/switch.ts';
import { listOf, placesOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import { readFlows } from './flows.ts';
import { readMirrors } from './mirrors.ts';
import { portsOn, type Surroundings } from './ports.ts';
import type { Switch } from './switch.ts';
import type { Switching } from './switches.ts';

const WORDS = ['flows', 'groups', 'controller', 'mirrors'] as const;

export function programmed(switching: Switching, file: BottleFile, around: Surroundings): Switching {
  const switches = switching.switches.map((one): Switch => {
    const spec = file.switches?.[one.name] ?? {};
    const asked = WORDS.filter((word) => spec[word] !== undefined);
    const [first] = asked;
    if (first === undefined) return one;
    const { report } = around;
    const origin = ['switches', one.name];
    if (one.type === 'linux')
      report.error('switch-not-open', [...origin, first], `\`${one.name}\` is a Linux bridge, which knows no \`${first}\``, {
        at: 'key',
        remedy: 'Set `type: ovs`.',
        related: [{ message: 'its type', origin: [...origin, 'type'] }],
      });
    checkRulers(spec, origin, report);
    const ports = portsOn(one.name, switching, around);
    const flows = readFlows(one.name, spec, ports, report);
    return {
      ...one,
      type: 'ovs',
      ...(flows !== undefined && { flows }),
      controllers: readControllers(spec, [...origin, 'controller'], report),
      mirrors: readMirrors(one.name, spec, ports, around),
    };
  });
  return { ...switching, switches };
}

function checkRulers({ flows, groups, controller }: SwitchSpec, origin: Origin, report: Report): void {
  if (controller === undefined || (flows === undefined && groups === undefined)) return;
  const word = flows === undefined ? 'groups' : 'flows';
  report.error('two-rulers', [...origin, word], `\`${word}\` does not go with \`controller\`, which tells the switch its flows`, {
    at: 'key',
    remedy: 'Leave one of the two out.',
    related: [{ message: 'the controller', origin: [...origin, 'controller'] }],
  });
}

function readControllers({ controller }: SwitchSpec, origin: Origin, report: Report): readonly string[] {
  for (const { text, place } of placesOf(controller, origin)) {
    if (/^p?unix:\/\S+$/.test(text) || /^tcp:(\[[0-9a-fA-F:.]+\]|[0-9.]+)(:\d{1,5})?$/.test(text) || /^ptcp:(\d{1,5})?(:\S+)?$/.test(text))
      continue;
    report.error('bad-controller', place, `\`${text}\` is no connection to a controller`, {
      remedy: 'Write one such as `unix:/run/controller.sock` or `tcp:127.0.0.1:6653`.',
    });
  }
  return listOf(controller);
}
