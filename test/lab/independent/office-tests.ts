// What tests in the office share: a folder, the web server's certificate, and a network of its own for each test.

import { afterAll, afterEach, beforeAll } from "vitest";
import type { Net } from "./net.ts";
import { createOffice, type OfficeOptions } from "./office.ts";
import { makeServerFiles, type ServerFiles, startServer } from "./server.ts";
import { createFolder } from "./tool.ts";

export interface Serving {
  /** How long the page is; without it nothing listens at the server. */
  readonly bytes?: number;
  readonly altSvc?: string;
  readonly network?: OfficeOptions;
}

export interface OfficeTests {
  readonly folder: ReturnType<typeof createFolder>;
  /** There from the first test on, where a certificate was asked for. */
  readonly files: ServerFiles;
  /** A network that is removed after the test, or when the next one is made. */
  office(serving?: Serving): Promise<Net>;
}

/** @param names how many names the server's certificate holds beside its own; null: the tests need none */
export function officeTests(names: number | null): OfficeTests {
  const folder = createFolder();
  let made: ServerFiles | undefined;
  let net: Net | undefined;

  beforeAll(async () => {
    if (names !== null) made = await makeServerFiles(folder, "site", names);
  });
  afterEach(async () => {
    await net?.remove();
    net = undefined;
  });
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
    office: async ({ bytes, altSvc, network = { tunnelMtu: 1500 } } = {}) => {
      await net?.remove();
      net = undefined;
      net = await createOffice(network);
      if (bytes !== undefined) await startServer(net, files(), bytes, altSvc);
      return net;
    },
  };
}
