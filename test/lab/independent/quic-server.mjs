// UDP port 443 of a test network as a QUIC server has it for unknown versions (RFC 9000 s.6.1): node quic-server.mjs ADDRESS
import dgram from "node:dgram";
import net from "node:net";

const [address] = process.argv.slice(2);
const VERSIONS = [1, 0x6b3343cf];
const socket = dgram.createSocket(net.isIPv6(address) ? "udp6" : "udp4");
socket.on("message", (packet, from) => {
  // Small datagrams, short headers and versions that it has are no cause to negotiate.
  if (packet.length < 1200 || packet[0] < 0x80 || VERSIONS.includes(packet.readUInt32BE(1))) return;
  const toLength = packet[5];
  const to = packet.subarray(6, 6 + toLength);
  const fromLength = packet[6 + toLength];
  const source = packet.subarray(7 + toLength, 7 + toLength + fromLength);
  const list = Buffer.alloc(4 * VERSIONS.length);
  for (const [n, version] of VERSIONS.entries()) list.writeUInt32BE(version, 4 * n);
  const head = Buffer.from([0x80, 0, 0, 0, 0, fromLength]);
  const reply = Buffer.concat([head, source, Buffer.from([toLength]), to, list]);
  socket.send(reply, from.port, from.address);
});
socket.bind(443, address, () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();
