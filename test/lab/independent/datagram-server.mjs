// Answers every datagram with itself on the first port, and nothing on the second, which is open all the same.
// datagram-server.mjs ECHO_PORT SILENT_PORT

import dgram from "node:dgram";

const [echoPort, silentPort] = process.argv.slice(2).map(Number);
const echo = dgram.createSocket("udp4");
echo.on("message", (message, { port, address }) => echo.send(message, port, address));
const silent = dgram.createSocket("udp4");
silent.bind(silentPort, () => echo.bind(echoPort, () => process.stdout.write("ready\n")));
