/**
 * A program that sends one packet made by hand, header and all, and prints what comes back: an ICMP error about it as
 * `TYPE/CODE from ADDRESS`, else `answer`, `silence`, or `held back` by a filter of the sender. Its words are those of `bottle explain`: FAMILY TO SERVICE [OPTIONS].
 */
export const SENDER = `import argparse, ipaddress, select, socket, struct, sys, time
ask = argparse.ArgumentParser()
ask.add_argument('family', type=int); ask.add_argument('to'); ask.add_argument('service')
ask.add_argument('--source'); ask.add_argument('--ttl', type=int, default=64); ask.add_argument('--size', type=int)
ask.add_argument('--wait', type=float, default=4.5)
ask.add_argument('--no-df', dest='df', action='store_false')
a = ask.parse_args()
six = a.family == 6
AF = socket.AF_INET6 if six else socket.AF_INET
icmp = 58 if six else 1

probe = socket.socket(AF, socket.SOCK_DGRAM); probe.connect((a.to, 1)); own = probe.getsockname()[0]; probe.close()
source = a.source or own
pack = lambda text: socket.inet_pton(AF, text)

def checksum(data):
    data += b'\\0' * (len(data) % 2)
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff

def pseudo(length, protocol):
    if six: return pack(source) + pack(a.to) + struct.pack('!II', length, protocol)
    return pack(source) + pack(a.to) + struct.pack('!BBH', 0, protocol, length)

SPORT = 40000 + int(time.time() * 1000) % 20000
name, _, number = a.service.partition('/')
if a.service == 'http': name, number = 'tcp', '80'
if a.service == 'ping': name, number = 'icmp', 'echo-request'
types = {'echo-request': (8, 128), 'echo-reply': (0, 129), 'timestamp-request': (13, 13)}
header = 40 if six else 20
def fill(least):
    return b'\\0' * (max(a.size - header - least, 0) if a.size else 8)
if name == 'icmp':
    protocol, kind = icmp, types[number][1 if six else 0]
    body = struct.pack('!BBHHH', kind, 0, 0, SPORT, 1) + (b'\\0' * 12 if kind == 13 else fill(8))
    total = checksum((pseudo(len(body), 58) if six else b'') + body)
    body = body[:2] + struct.pack('!H', total) + body[4:]
elif name in ('udp', 'udplite'):
    protocol = 17 if name == 'udp' else 136
    body = struct.pack('!HHHH', SPORT, int(number), 16, 0) + fill(8)
    total = checksum(pseudo(len(body), protocol) + body)
    body = body[:6] + struct.pack('!H', total) + body[8:]
elif name == 'tcp':
    protocol = 6
    body = struct.pack('!HHIIBBHHH', SPORT, int(number), 1000, 0, 0x50, 2, 8192, 0, 0)
    total = checksum(pseudo(len(body), 6) + body)
    body = body[:16] + struct.pack('!H', total) + body[18:]
elif name == 'sctp':
    protocol = 132
    def crc32c(data):
        crc = 0xffffffff
        for byte in data:
            crc ^= byte
            for _ in range(8): crc = (crc >> 1) ^ (0x82f63b78 if crc & 1 else 0)
        return crc ^ 0xffffffff
    chunk = struct.pack('!BBHIIHHI', 1, 0, 20, 7, 65535, 1, 1, 7)
    body = struct.pack('!HHII', SPORT, int(number), 0, 0) + chunk
    body = body[:8] + struct.pack('<I', crc32c(body)) + body[12:]
else:
    protocol = int(number)
    # nftables rejects what has no known checksum only if all of it sums up (nf_reject_verify_csum), unless a veth vouches for it.
    body = struct.pack('!HHH', SPORT, 7, 0) + b'by hand.'
    body = body[:4] + struct.pack('!H', checksum((pseudo(len(body), protocol) if six else b'') + body)) + body[6:]

if six: packet = struct.pack('!IHBB', 0x60000000, len(body), protocol, a.ttl) + pack(source) + pack(a.to) + body
else: packet = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), SPORT, 0x4000 if a.df else 0, a.ttl, protocol, 0) + pack(source) + pack(a.to) + body

ear = socket.socket(AF, socket.SOCK_RAW, icmp)
ears = [ear]
if protocol not in (icmp, 253, 132, 136): ears.append(socket.socket(AF, socket.SOCK_RAW, protocol))
mouth = socket.socket(AF, socket.SOCK_RAW, socket.IPPROTO_RAW)
if not six: mouth.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
held = False
# Whoever sends what its own filter rejects is told twice: at once, and by an ICMP error.
try: mouth.sendto(packet, (a.to, 0))
except PermissionError: held = True

mine = body[4:6] if protocol == icmp else body[0:2]
place = slice(4, 6) if protocol == icmp else slice(0, 2)
end = time.time() + a.wait
while time.time() < end:
    ready, _, _ = select.select(ears, [], [], end - time.time())
    for one in ready:
        data, sender = one.recvfrom(65536)
        if not six: data = data[(data[0] & 15) * 4:]
        if one is ear:
            kind, code = data[0], data[1]
            inner = data[8:]
            if six and kind < 128 and inner[6] == protocol and inner[40:][place] == mine or not six and kind in (3, 11, 12) and inner[9] == protocol and inner[20:][place] == mine:
                print('%d/%d from %s' % (kind, code, sender[0].split('%')[0])); sys.exit()
            if protocol == icmp and kind in ((129,) if six else (0, 14)) and data[4:6] == mine and sender[0] != own: print('answer'); sys.exit()
        elif data[2:4] == mine: print('answer'); sys.exit()
print('held back' if held else 'silence')
`;
