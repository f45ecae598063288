// A name server of a test network: node dns-server.mjs ADDRESS NAME A [AAAA]; other names do not exist.
import dgram from "node:dgram";
import net from "node:net";
import { decode, encode, streamEncode } from "dns-packet";

const [address, name, a, aaaa] = process.argv.slice(2);
const AUTHORITATIVE = 1 << 10;
const NXDOMAIN = 3;

function answer(query) {
  const [question] = query.questions;
  const known = question.name.toLowerCase() === name;
  const data = question.type === "A" ? a : question.type === "AAAA" ? aaaa : undefined;
  return {
    type: "response",
    id: query.id,
    flags: AUTHORITATIVE | (known ? 0 : NXDOMAIN),
    questions: query.questions,
    answers: known && data ? [{ type: question.type, name: question.name, ttl: 1, data }] : [],
  };
}

const udp = dgram.createSocket(net.isIPv6(address) ? "udp6" : "udp4");
udp.on("message", (message, from) => {
  udp.send(encode(answer(decode(message))), from.port, from.address);
});
net
  .createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => socket.end(streamEncode(answer(decode(data.subarray(2))))));
  })
  .listen(53, address, () => udp.bind(53, address, () => process.stdout.write("ready\n")));
process.stdin.on("end", () => process.exit()).resume();
