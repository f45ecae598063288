// What keys do to the screen.

import { cleanup, render } from "ink-testing-library";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { App } from "../../ui/App.tsx";
import { expectGolden } from "./golden.ts";
import { recorded } from "./recorded.ts";
import * as samples from "./sample-snapshots.ts";

/** A busy machine is no failure. */
const PATIENT = { timeout: 30_000 };

afterEach(cleanup);

interface Screen {
  readonly rows?: number;
  readonly onQuit?: (() => void) | null;
}

function screenOf(snapshot: Snapshot, { rows = 40, onQuit = () => {} }: Screen = {}) {
  const app = <App targets={[snapshot]} rows={rows} onQuit={onQuit} columns={80} theme="none" />;
  return render(app);
}

const golden = (name: string) => new URL(`frames/${name}.txt`, import.meta.url);

describe("a key", () => {
  it("? shows the keys and hides them again", async () => {
    const screen = screenOf(samples.empty);
    const before = screen.lastFrame();
    screen.stdin.write("?");
    await vi.waitFor(() => expect(screen.lastFrame()).not.toBe(before), PATIENT);
    await expectGolden(screen.lastFrame() ?? "", golden("help"));
    screen.stdin.write("?");
    await vi.waitFor(() => expect(screen.lastFrame()).toBe(before), PATIENT);
  });

  it("d shows evidence, what was ruled out, and every fix", async () => {
    const screen = screenOf(samples.blackhole, { rows: 70 });
    screen.stdin.write("d");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("evidence e12 e41"), PATIENT);
    await expectGolden(screen.lastFrame() ?? "", golden("details"));
  });

  it("scrolls to what does not fit, line by line and page by page", async () => {
    const screen = screenOf(samples.hostile, { rows: 20 });
    screen.stdin.write("d");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("ruled out"), PATIENT);
    screen.stdin.write("g");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("more: PgDn"), PATIENT);
    expect(screen.lastFrame()).not.toContain("more: PgUp");
    screen.stdin.write("j");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("↑ 1 more: PgUp"), PATIENT);
    screen.stdin.write("G");
    await vi.waitFor(() => expect(screen.lastFrame()).not.toContain("more: PgDn"), PATIENT);
  });

  it("counts though it comes in one piece with others", async () => {
    const onQuit = vi.fn();
    const screen = screenOf(samples.watched, { onQuit });
    screen.stdin.write("6/zzz\rq");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain('hold "zzz"'), PATIENT);
    await vi.waitFor(() => expect(onQuit).toHaveBeenCalledOnce(), PATIENT);
  });

  it.each([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
  ])("%s quits", async (_, bytes) => {
    const onQuit = vi.fn();
    const screen = screenOf(samples.running, { onQuit });
    screen.stdin.write(bytes);
    await vi.waitFor(() => expect(onQuit).toHaveBeenCalledOnce(), PATIENT);
  });

  it("does nothing on a screen that takes none", () => {
    const screen = screenOf(samples.running, { onQuit: null });
    const before = screen.lastFrame();
    screen.stdin.write("?");
    expect(screen.lastFrame()).toBe(before);
    expect(before).not.toContain("q quit");
  });
});

describe("f", () => {
  const plan = {
    cause: "vpn-mtu-inbound-blackhole",
    title: "Set the MTU of the tunnel",
    commands: ["ip link set dev eth0 mtu 1400"],
    persistent: false,
  };
  const tools = (found: typeof plan | string) => ({
    copy: async () => "copied",
    write: async () => "written",
    planFix: async () => found,
  });
  const run = recorded("wsl2-vpn.root.ndjson.gz");
  const draw = (found: typeof plan | string, onFix = vi.fn()) => {
    const screen = render(
      <App
        targets={[run]}
        tools={tools(found)}
        onFix={onFix}
        rows={30}
        columns={100}
        theme="none"
        onQuit={() => {}}
      />,
    );
    /** The report that a plan is made of comes a moment after the run. */
    const asks = (text: string) =>
      vi.waitFor(() => {
        if (screen.lastFrame()?.includes(text) !== true) screen.stdin.write("f");
        expect(screen.lastFrame()).toContain(text);
      }, PATIENT);
    return { screen, onFix, asks };
  };

  it("shows what would run, and nothing runs before y", async () => {
    const { screen, onFix, asks } = draw(plan);
    await asks("# ip link set dev eth0 mtu 1400");
    expect(onFix).not.toHaveBeenCalled();
    screen.stdin.write("y");
    await vi.waitFor(() => expect(onFix).toHaveBeenCalledWith({ target: 0, cause: plan.cause }));
  });

  it("goes back at any other key", async () => {
    const { screen, onFix, asks } = draw(plan);
    await asks("Try the fix");
    screen.stdin.write("n");
    await vi.waitFor(() => expect(screen.lastFrame()).not.toContain("Try the fix"), PATIENT);
    expect(onFix).not.toHaveBeenCalled();
  });

  it("says why nothing can be tried", async () => {
    const { asks } = draw("no command fixes this");
    await asks("no command fixes this");
  });
});
