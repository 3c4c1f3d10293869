import type { CodeEntry } from '../code-entry.ts';

/** Codes of machines, what runs in them, and the names that the file gives. Alphabetical. */
export const nodeCodes = {
  'bad-command': {
    title: 'A command that cannot be run',
    text: 'The command is empty, or holds a zero byte.',
  },
  'bad-directory': {
    title: 'Not a working directory',
    text: 'The path is empty or holds a zero byte. A relative path starts from the directory of the bottle file.',
  },
  'bad-service': {
    title: 'Not a service',
    text: "A service is a name (`ssh`, or one of the file's `services:`), a protocol with a port or a range of them (`tcp/443`, `udp/4789`, `tcp/8000-8100`), or `icmp`. In `expect:` also `only …` and `nothing`; in `policy:` also `any`, `drop` and `reject`.",
  },
  'bad-variable': {
    title: 'Not an environment variable',
    text: 'The name cannot be empty or hold `=`; neither name nor value can hold a zero byte.',
  },
  'duplicate-name': {
    title: 'One name for two things',
    text: 'Machines, routers, bridges, networks, links and groups share one space of names, because `from -> to` may name any of them. Both places are shown.',
  },
  'group-in-group': {
    title: 'A group in a group',
    text: 'Groups hold machines, routers, bridges, networks and links. Name the members of the other group.',
  },
  'listen-range': {
    title: 'Too many ports to listen on',
    text: 'A built-in responder opens a socket for each port: at most 64 in a range.',
  },
  'listen-twice': {
    title: 'A port that is listened on twice',
    text: 'Only one program can listen on a port. Services may overlap: `dns` is tcp/53 and udp/53.',
  },
  'listen-without-port': {
    title: 'A service without a port to listen on',
    text: 'Every machine answers ping by itself. `listen:` takes TCP and UDP services.',
  },
  'machine-without-network': {
    title: 'A machine in no network',
    text: 'It is made, but nothing can reach it.',
  },
  'many-name-servers': {
    title: 'More name servers than programs ask',
    text: 'The C library reads the first three `nameserver` lines (resolv.conf(5)).',
  },
  'member-twice': {
    title: 'A member that is in a group twice',
    text: 'Once is enough.',
  },
  'reserved-name': {
    title: 'A name that means something else',
    text: '`any`, `internet`, `none`, `auto`, `host` and `default` have a meaning where names may stand. Only a network may be called `internet`: it then is the outside.',
  },
  'service-in-service': {
    title: "A service described by another of the file's",
    text: 'A service under `services:` is a list of ports, or of well-known services.',
  },
  'service-redefined': {
    title: 'A well-known service with another meaning',
    text: 'Readers take `http` for tcp/80. The file may say otherwise, but a name of its own is easier to read.',
  },
  'unknown-member': {
    title: 'A member of a group that does not exist',
    text: 'A group holds machines, routers, bridges, networks and links of the file.',
  },
  'unknown-name-server': {
    title: 'A name server that does not exist',
    text: '`dns:` takes addresses, and names of machines and routers of the file.',
  },
  'unknown-node': {
    title: 'A machine or router that does not exist',
    text: 'The ends of a link are machines and routers of the file.',
  },
  'unknown-service': {
    title: 'A service that does not exist',
    text: "It is neither one of the well-known names nor one of the file's `services:`. A port can always be written as it is: `tcp/8080`.",
  },
} as const satisfies Record<string, CodeEntry>;
