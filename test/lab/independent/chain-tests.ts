// What tests on a chain of routers share: a folder, the web server's certificate, and a network of its own for each test.

import { afterAll, afterEach, beforeAll } from "vitest";
import { type Chain, createChain, SITE } from "./chain.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./server.ts";
import { createFolder } from "./tool.ts";

/** Of a web server without TLS. */
export const HTTP_PORT = 8080;
const HTTP_SERVER = `require("node:http").createServer((_, answer) => answer.end("hello\\n"))
  .listen(${HTTP_PORT}, "::", () => console.log("ready"));`;

export function httpUrl(family: 4 | 6): string {
  return `http://${family === 4 ? SITE[4] : `[${SITE[6]}]`}:${HTTP_PORT}/`;
}

/** Rules of a host's own netfilter. */
export function ownFilter(hook: string, rule: string): string {
  return `table inet wall { chain c { type filter hook ${hook} priority 0; ${rule}; }; }\n`;
}

interface ChainTests {
  readonly folder: ReturnType<typeof createFolder>;
  /** There from the first test on, where a certificate was asked for. */
  readonly files: ServerFiles;
  /**
   * A network that is removed after the test, or when the next one is made.
   * @param mtus of the links from the guest to the site
   * @param serves bytes of the page behind the certificate, or "http"; nothing listens without it
   */
  chain(mtus: readonly number[], serves?: number | "http"): Promise<Chain>;
}

/** @param names how many names the server's certificate holds beside the site's addresses; null: the tests need none */
export function chainTests(names: number | null): ChainTests {
  const folder = createFolder();
  let made: ServerFiles | undefined;
  let chain: Chain | undefined;
  const remove = async () => {
    await chain?.net.remove();
    chain = undefined;
  };

  beforeAll(async () => {
    if (names !== null) made = await makeServerFiles(folder, "site", names, [SITE[4], SITE[6]]);
  });
  afterEach(remove);
  afterAll(() => folder.remove());

  const files = () => {
    if (made === undefined) throw new Error("no certificate: asked for before the first test?");
    return made;
  };
  return {
    folder,
    get files() {
      return files();
    },
    chain: async (mtus, serves) => {
      await remove();
      chain = await createChain(mtus);
      const { net } = chain;
      if (serves === "http") await net.serve("site", process.execPath, "-e", HTTP_SERVER);
      else if (serves !== undefined) await startServer(net, files(), serves);
      return chain;
    },
  };
}
