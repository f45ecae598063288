// A server that does what no server should: node server.mjs HABIT ADDRESS PORT
import net from "node:net";

const [habit, address, port] = process.argv.slice(2);
/** Sets a title, clears the screen, and asks the terminal for an answer. */
const ESCAPES = "\u001b]0;taken\u0007\u001b[2J\u001b[6n\u009b2J\u202e";
const PAUSE_MS = 20;
const OK = "HTTP/1.1 200 OK\r\n";
const PAGE = `${OK}Content-Length: 4000\r\n\r\n${"p".repeat(4000)}`;

/** Writes as fast as the other side reads. */
function forever(socket, text) {
  const more = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on("drain", more);
  more();
}

function inPieces(socket, pieces) {
  const [first, ...rest] = pieces;
  if (first === undefined || socket.destroyed) return socket.end();
  socket.write(first);
  return setTimeout(() => inPieces(socket, rest), PAUSE_MS);
}

const record = (type, declared, content) =>
  Buffer.concat([Buffer.from([type, 3, 3, declared >> 8, declared & 0xff]), content]);
const noise = (length) => Buffer.from(Array.from({ length }, (_, n) => (n * 197 + 91) % 256));

const HABITS = {
  "status-split": (socket) => inPieces(socket, ["HT", PAGE.slice(2)]),
  "byte-by-byte": (socket) => inPieces(socket, [...PAGE.slice(0, 60), PAGE.slice(60)]),
  "endless-headers": (socket) =>
    forever(socket.setNoDelay(), `${OK}X-More: ${"y".repeat(900)}\r\n`.repeat(4)),
  "infinite-body": (socket) => {
    socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n`);
    forever(socket, `4000\r\n${"z".repeat(0x4000)}\r\n`);
  },
  "short-body": (socket) => socket.end(`${OK}Content-Length: 1000000\r\n\r\nonly this`),
  "lying-length": (socket) =>
    socket.end(`${OK}Content-Length: -5\r\nContent-Length: 99999999999999999999\r\n\r\nok`),
  "continue-forever": (socket) => forever(socket, "HTTP/1.1 100 Continue\r\n\r\n".repeat(100)),
  escapes: (socket) =>
    socket.end(
      `HTTP/1.1 200 ${ESCAPES}\r\nServer: ${ESCAPES}\r\nLocation: ${ESCAPES}\r\nContent-Length: 2\r\n\r\nok`,
    ),
  "escapes-alone": (socket) => socket.end(ESCAPES.repeat(20)),
  garbage: (socket) => socket.end(noise(4000)),
  "zero-bytes": (socket) => socket.end(),
  reset: (socket) => socket.resetAndDestroy(),
  "lying-record": (socket) => socket.write(record(22, 0xffff, noise(200))),
  "endless-records": (socket) => forever(socket, record(22, 4, Buffer.from([2, 0xff, 0xff, 0xff]))),
  "endless-alerts": (socket) => forever(socket, record(21, 2, Buffer.from([1, 90]))),
  "empty-records": (socket) => forever(socket, record(22, 0, Buffer.alloc(0))),
  "no-tls": (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
};
const answer = HABITS[habit];
if (answer === undefined && habit !== "zero-window") throw new Error(`no habit ${habit}`);

const server = net.createServer({ pauseOnConnect: habit === "zero-window" }, (socket) => {
  socket.on("error", () => socket.destroy());
  // Never read: its window closes when the buffer is full, and nothing is said.
  if (answer === undefined) return;
  socket.once("data", () => {
    socket.resume();
    answer(socket);
  });
});
server.listen(Number(port), address, () => process.stdout.write("ready\n"));
process.stdin.on("end", () => process.exit()).resume();
