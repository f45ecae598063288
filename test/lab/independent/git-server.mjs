// Serves bare repositories over HTTPS as plain files: node git-server.mjs KEY CERTIFICATE PORT FOLDER
import { createReadStream, readFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";

const [key, certificate, port, folder] = process.argv.slice(2);
const options = { key: readFileSync(key), cert: readFileSync(certificate) };
https
  .createServer(options, (request, response) => {
    const { pathname } = new URL(request.url, "https://localhost");
    const file = createReadStream(path.join(folder, path.normalize(pathname)));
    file.on("error", () => response.writeHead(404).end());
    file.pipe(response);
  })
  .listen(Number(port), "::", () => process.stdout.write("ready\n"));
// Ends with the test that started it.
process.stdin.on("end", () => process.exit()).resume();
