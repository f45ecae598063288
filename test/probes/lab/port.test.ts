// What the product asks of the lab and gets no network for.

import { expect, it } from "vitest";
import { LabError } from "../../../probes/lab/src/error.ts";
import type { LabSystem } from "../../../probes/lab/src/lab-system.ts";
import { createLabPort } from "../../../probes/lab/src/port.ts";
import { systemClock } from "../../../src/clock.ts";
import { realLabSystem } from "../../builders/lab-system.ts";

const NOTHING = { file: "false", args: [] };

function build(name: string, run: LabSystem["run"]): Promise<unknown> {
  const system = { ...realLabSystem, run };
  const port = createLabPort({
    system,
    clock: systemClock,
    labHost: NOTHING,
    labWindows: null,
  });
  const { signal } = new AbortController();
  return port.build(name, { signal, notify: () => undefined, begin: () => undefined });
}

const ended = (exitCode: number) => ({ exitCode, stdout: "", stderr: "" });

it("names an unknown scenario and where to look, before anything is run", async () => {
  const unknown = build("wsl9", () => Promise.reject(new Error("a program was run")));
  await expect(unknown).rejects.toBeInstanceOf(LabError);
  await expect(unknown).rejects.toMatchObject({
    code: "unknown-scenario",
    exitCode: 2,
    message: 'there is no lab scenario "wsl9": wsl-trace lab list shows them',
  });
});

it("names missing packages and the command that installs them", async () => {
  const bare = build("wsl2-vpn", async (_file, args) =>
    ended(args.includes("nft") || args.includes("ethtool") ? 127 : 0),
  );
  await expect(bare).rejects.toMatchObject({ code: "lab-packages", exitCode: 3 });
  await expect(bare).rejects.toThrow("apt-get install -y nftables ethtool");
});
