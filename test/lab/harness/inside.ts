// Runs small programs inside a lab's vantage and gives what they print.

import { execa } from "execa";
import type { Lab } from "../../../probes/lab/src/lab.ts";

/** Standard output of a program in the vantage; throws when it fails. */
export async function inVantage(lab: Lab, ...argv: readonly string[]): Promise<string> {
  const { file, args } = lab.vantage.command(argv);
  return (await execa(file, args)).stdout;
}

/** Standard output of a program in any namespace of the lab. */
export async function inRole(
  lab: Lab,
  role: "host" | "server" | "vpn-gateway" | "guest" | "lan" | "internet",
  ...argv: readonly string[]
): Promise<string> {
  const net = `--net=/run/netns/${lab.namespaces[role]}`;
  return (await execa("nsenter", [net, "--", ...argv])).stdout;
}

/** Long enough for a TLS handshake through the lab, far shorter than what a black hole needs to recover. */
const HANG_MS = 1500;

// Runs in the vantage with plain Node; what varies comes as arguments.
const FETCH = `
const [address, ca, hangMs] = process.argv.slice(1);
const tls = require("node:tls");
const socket = tls.connect({ host: address, port: 443, servername: "github.com", ca: require("node:fs").readFileSync(ca) });
const end = (word) => { console.log(word); process.exit(); };
let bytes = 0;
socket.setTimeout(Number(hangMs), () => end(socket.connecting ? "no connection" : "hangs"));
socket.on("secureConnect", () => socket.write("GET / HTTP/1.1\\r\\nhost: github.com\\r\\nconnection: close\\r\\n\\r\\n"));
socket.on("data", (chunk) => { bytes += chunk.length; });
socket.on("end", () => end("got " + (bytes > 100 ? "a page" : "nothing")));
socket.on("error", (error) => end(error.message));
`;

/** "got a page", "hangs", or the error. */
export function fetchPage(lab: Lab, address: string): Promise<string> {
  return inVantage(lab, process.execPath, "-e", FETCH, address, lab.caFile, String(HANG_MS));
}

const ASK = `
const [server, protocol, name, type] = process.argv.slice(1);
const packet = require(process.argv[5]);
const query = packet.encode({ type: "query", id: 7, flags: packet.RECURSION_DESIRED, questions: [{ name, type }] });
const say = (reply) => {
  const { rcode, answers } = packet.decode(reply);
  console.log([rcode, ...answers.map((answer) => answer.data)].join(" "));
  process.exit();
};
setTimeout(() => { console.log("silence"); process.exit(); }, 1000);
if (protocol === "udp") {
  const socket = require("node:dgram").createSocket(server.includes(":") ? "udp6" : "udp4");
  socket.on("message", say);
  socket.send(query, 53, server);
} else {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  const socket = require("node:net").connect(53, server, () => socket.write(Buffer.concat([length, query])));
  socket.on("data", (chunk) => say(chunk.subarray(2)));
  socket.on("error", () => undefined);
}
`;

/** Response code and addresses, such as "NOERROR 192.0.2.80", or "silence". */
export function askDns(
  lab: Lab,
  server: string,
  protocol: "udp" | "tcp",
  name: string,
  type: "A" | "AAAA",
): Promise<string> {
  const module = new URL("../../../node_modules/dns-packet/index.js", import.meta.url).pathname;
  return inVantage(lab, process.execPath, "-e", ASK, server, protocol, name, type, module);
}
