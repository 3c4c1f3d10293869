import type { Origin } from '../diagnostic/diagnostic.ts';
import type { NetworkSpec } from '../spec/schema/network.ts';
import { isDeviceName } from './device-name.ts';
import type { Report } from './report.ts';

/** How a network relates to the host, before its addresses are known. */
export type Mode =
  | { readonly kind: 'internal' }
  | { readonly kind: 'host-only' | 'nat' | 'routed' }
  | { readonly kind: 'macvlan' | 'port'; readonly parent: string }
  | { readonly kind: 'bridge'; readonly bridge: string };

/** Reads `mode`, and says which of `host` and `attach` do not go with it. */
export function readMode(spec: NetworkSpec, origin: Origin, report: Report): Mode {
  const mode = spec.mode ?? 'internal';
  const written = spec.mode === undefined ? 'an `internal` network (the default)' : `a network of mode \`${mode}\``;
  if (spec.host !== undefined && (mode === 'internal' || mode === 'bridged')) {
    report.error('key-without-mode', [...origin, 'host'], `\`host\` does not go with ${written}: the host has no address in it`, {
      at: 'key',
      remedy: 'Leave it out, or set `mode:` to `host-only`, `nat` or `routed`.',
    });
  }
  if (spec.attach !== undefined && mode !== 'bridged') {
    report.error('key-without-mode', [...origin, 'attach'], `\`attach\` does not go with ${written}`, {
      at: 'key',
      remedy: 'Leave it out, or set `mode: bridged`.',
    });
  }
  return mode === 'bridged' ? readAttach(spec, origin, report) : { kind: mode };
}

function readAttach(spec: NetworkSpec, origin: Origin, report: Report): Mode {
  const attach = spec.attach;
  if (attach === undefined || (attach.interface === undefined && attach.bridge === undefined)) {
    report.error(
      'attach-to-what',
      [...origin, attach === undefined ? 'mode' : 'attach'],
      'a `bridged` network needs to know what it is joined with',
      {
        remedy: 'Write `attach: { interface: eth0 }` or `attach: { bridge: br0 }` with the name of a device of the host.',
      },
    );
    return { kind: 'internal' };
  }
  if (attach.interface !== undefined && attach.bridge !== undefined) {
    report.error('attach-to-what', [...origin, 'attach'], '`attach` names an interface and a bridge', {
      remedy: 'Leave one out: a network is joined with one device of the host.',
    });
  }
  for (const key of ['interface', 'bridge'] as const) checkDevice(attach[key], [...origin, 'attach', key], report);
  if (attach.bridge !== undefined) {
    if (attach.by !== undefined) {
      report.error(
        'key-without-mode',
        [...origin, 'attach', 'by'],
        '`by` goes with `interface` only: a bridge is always joined by a cable of its own',
        {
          at: 'key',
          remedy: 'Leave it out.',
        },
      );
    }
    return { kind: 'bridge', bridge: attach.bridge };
  }
  return { kind: attach.by === 'veth' ? 'port' : 'macvlan', parent: attach.interface ?? '' };
}

function checkDevice(name: string | undefined, origin: Origin, report: Report): void {
  if (name === undefined || (isDeviceName(name) && name !== 'lo')) return;
  const why = name === 'lo' ? 'the loopback device cannot be joined with anything' : `\`${name}\` cannot be the name of a network device`;
  report.error('bad-device', origin, why, { remedy: '`ip link` lists the devices of the host; names have at most 15 characters.' });
}
