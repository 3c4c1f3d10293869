/** Which steps of the model the kernel tells of, if it does what the model says. */
import type { Model } from '../../proof/path/model.ts';
import type { Step } from '../../proof/path/step.ts';

/**
 * Not of what happens to the packet that another is in, which bears nothing to know it by; nor of cutting up; nor of a switch of Open
 * vSwitch, which netfilter does not see into.
 */
export function untoldOf(steps: readonly Step[], network: Model): ReadonlySet<Step> {
  const untold = new Set<Step>();
  const entered: Step[] = [];
  for (const step of steps) {
    if (step.kind === 'decapsulated') entered.pop();
    if (entered.length > 0 || step.kind === 'fragmented' || isInSwitch(step, network)) untold.add(step);
    if (step.kind === 'encapsulated') entered.push(step);
  }
  // Only what comes out of it tells that it was in one.
  for (const step of entered) untold.add(step);
  return untold;
}

function isInSwitch(step: Step, { stations }: Model): boolean {
  if (step.kind === 'matched' || step.kind === 'changed') return true;
  // Tunnels of Open vSwitch.
  if (step.kind === 'encapsulated' || step.kind === 'decapsulated') return step.beside === true;
  return step.kind === 'bridged' && stations.get(step.at)?.devices.get(step.bridge)?.openVSwitch === true;
}
