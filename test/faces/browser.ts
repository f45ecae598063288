// The browser that opens reports, and what is read in it; all of it is installed on first use, beside the other packages.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** Mermaid is larger than all the rest together: whoever does not run this has no use for it. */
const PACKAGES = {
  "playwright-core": "1.65.1",
  "axe-core": "4.14.1",
  mermaid: "11.17.2",
} as const;
const FOLDER = fileURLToPath(new URL("../../node_modules/.cache/faces", import.meta.url));

/** Debian's; playwright-core brings none. */
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

/** What this uses of playwright's own types, which are there only after the first use. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  addScriptTag(from: { readonly path: string }): Promise<unknown>;
  screenshot(options: { readonly path: string; readonly fullPage: boolean }): Promise<unknown>;
  on(event: "request", listener: (request: { url(): string }) => void): unknown;
  close(): Promise<void>;
}

interface Browser {
  newPage(options: {
    readonly viewport: { readonly width: number; readonly height: number };
    readonly colorScheme: "light" | "dark";
  }): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: {
      readonly executablePath: string;
      readonly args: readonly string[];
    }): Promise<Browser>;
  };
}

/** What is missing, as a sentence; null where a browser is there. */
export function missingBrowser(): string | null {
  return BROWSERS.some((file) => existsSync(file))
    ? null
    : "chromium is missing (apt-get install --no-install-recommends chromium)";
}

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(join(FOLDER, "node_modules/mermaid"))) install();
  const load = createRequire(join(FOLDER, "package.json"));
  const { chromium }: Playwright = load("playwright-core");
  const executablePath = BROWSERS.find((file) => existsSync(file)) ?? "";
  // In a container there is no sandbox to be had; what is opened are our own files.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

function install(): void {
  const wanted = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  const options = ["--prefix", FOLDER, "--ignore-scripts", "--no-audit", "--no-fund"];
  process.stderr.write(`installing ${wanted.join(", ")}\n`);
  execFileSync("npm", ["install", ...options, ...wanted], { stdio: ["ignore", 2, 2] });
}

/** One way of looking at a page. */
export interface View {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

export interface Look {
  readonly violations: readonly string[];
  /** Pixels by which the page is wider than the window. */
  readonly overflow: number;
  /** What was asked of the network, but for the file itself. */
  readonly requests: readonly string[];
  /** As a reader sees it. */
  readonly text: string;
}

const HEIGHT = 900;
/** Each rule that is broken, how often, and the first place. */
const AXE =
  "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' (' + nodes.length + '): ' + nodes[0].html.slice(0, 80)))";

export async function lookAt(
  browser: Browser,
  file: string,
  { width, colorScheme }: View,
  picture: string,
): Promise<Look> {
  const page = await browser.newPage({ viewport: { width, height: HEIGHT }, colorScheme });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const url = `file://${file}`;
  await page.goto(url);
  const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
  const text = await page.evaluate("document.body.innerText");
  await page.screenshot({ path: picture, fullPage: false });
  await page.evaluate(readFileSync(join(FOLDER, "node_modules/axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(AXE);
  await page.close();
  return {
    violations: z.array(z.string()).parse(found),
    overflow: z.number().parse(overflow),
    requests: requests.filter((one) => one !== url),
    text: z.string().parse(text),
  };
}

/** What mermaid says of each chart: null where it parses. */
export async function parseCharts(
  browser: Browser,
  charts: readonly string[],
): Promise<readonly (string | null)[]> {
  const page = await browser.newPage({
    viewport: { width: 800, height: HEIGHT },
    colorScheme: "light",
  });
  await page.goto("about:blank");
  await page.addScriptTag({ path: join(FOLDER, "node_modules/mermaid/dist/mermaid.min.js") });
  const results: (string | null)[] = [];
  for (const chart of charts) {
    const said = await page.evaluate(
      `mermaid.parse(${JSON.stringify(chart)}).then(() => null, (error) => String(error.message))`,
    );
    results.push(z.string().nullable().parse(said));
  }
  await page.close();
  return results;
}
