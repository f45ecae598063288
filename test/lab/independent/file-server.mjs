// Serves a folder's files: node file-server.mjs PORT FOLDER [KEY CERTIFICATE]; with a key over HTTPS.
import { createReadStream, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";

const [port, folder, key, certificate] = process.argv.slice(2);
const answer = (request, response) => {
  const { pathname } = new URL(request.url, "https://localhost");
  const file = createReadStream(path.join(folder, path.normalize(decodeURIComponent(pathname))));
  file.on("error", () => response.writeHead(404).end());
  file.pipe(response);
};
const server =
  key === undefined
    ? http.createServer(answer)
    : https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, answer);
server.listen(Number(port), "::", () => process.stdout.write("ready\n"));
// Ends with the test that started it.
process.stdin.on("end", () => process.exit()).resume();
