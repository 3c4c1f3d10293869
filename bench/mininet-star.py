"""The star in Mininet: N hosts on one switch (`linux` bridge or `ovs`, in its userspace datapath), an address and a default route each, and a router in two networks.

Prints `ready` once it is up. Then takes lines: `ping` answers `ping ok` or `ping lost`; `stop` takes it down and ends.
With `ready` comes its peak memory in KiB; `memory` answers what its shells take.

Never calls Mininet's clean-up, which kills by name and would take others' bridges along.
"""
import resource
import sys
from functools import partial

from mininet.link import Link
from mininet.net import Mininet
from mininet.node import OVSBridge
from mininet.nodelib import LinuxBridge

# Mininet.init() would raise limits of the whole host for good. What this process needs of them is set here.
Mininet.inited = True
resource.setrlimit(resource.RLIMIT_NOFILE, (16384, 16384))


# In a batch: else it types one line for all ports to a shell on a terminal, which takes 4,096 characters of it.
SWITCHES = {'linux': LinuxBridge, 'ovs': partial(OVSBridge, datapath='user', batch=True)}


def build(count, switch):
    net = Mininet(switch=switch, link=Link, controller=None, ipBase='10.0.0.0/16')
    star, beyond = net.addSwitch('s1'), net.addSwitch('s2')
    gateway = net.addHost('gw', ip='10.0.0.1/16')
    net.addLink(gateway, star)
    net.addLink(gateway, beyond, params1={'ip': '10.255.0.1/24'})
    for index in range(count):
        at = index + 10
        host = net.addHost('h%d' % (index + 1), ip='10.0.%d.%d/16' % (at >> 8, at & 255), defaultRoute='via 10.0.0.1')
        net.addLink(host, star)
    net.start()
    gateway.cmd('sysctl -w net.ipv4.ip_forward=1')
    return net


def say(*words):
    print(*words, flush=True)


def shells_kib(net):
    """Memory of the shells, of which Mininet keeps one a host; what they share is counted once."""
    total = 0
    for node in net.hosts + net.switches:
        with open('/proc/%d/smaps_rollup' % node.pid) as rollup:
            total += sum(int(line.split()[1]) for line in rollup if line.startswith('Pss:'))
    return total


def ping(net, count):
    first, last = net.get('h1'), net.get('h%d' % count)
    answers = [first.cmd('ping -c1 -W2', to) for to in (last.IP(), '10.255.0.1')]
    return all(' 0% packet loss' in answer for answer in answers)


def main():
    count = int(sys.argv[1])
    net = build(count, SWITCHES[sys.argv[2]])
    say('ready', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    for line in sys.stdin:
        if line == 'ping\n':
            say('ping-ok' if ping(net, count) else 'ping-lost')
        elif line == 'memory\n':
            say('memory', shells_kib(net))
        elif line == 'stop\n':
            net.stop()
            say('stopped')
            return


main()
