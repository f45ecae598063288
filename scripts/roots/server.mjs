// A web server on a free port of the loopback, for the main job to trace to; prints its URL.

import { createServer } from "node:http";

const server = createServer((_, answer) => answer.end("hello\n"));
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`);
});
