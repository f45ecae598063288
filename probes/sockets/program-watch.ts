// The sockets of a program and of all that it started, as they are at one moment and at their end.

import type { OwnedSample, ProgramWatch, Sampling, SocketSample } from "../../src/program/port.ts";
import { aptSources } from "./apt-sources.ts";
import { argumentsOf, createProcessTree, type ProcessTree, programName } from "./process-tree.ts";
import type { SocketRow } from "./sock-diag.ts";
import type { SocketTable } from "./socket-table.ts";

/** @param root the program's process */
export function createProgramWatch(table: SocketTable, root: number): ProgramWatch {
  const tree = createProcessTree(root);
  const owners = createOwners(tree);
  /** The last sample of each. */
  const last = new Map<string, OwnedSample>();
  const sample = (): Sampling => {
    const { rows, listening } = table.rows();
    owners.learn(rows);
    const isAccepted = ({ cookie, protocol, localPort }: SocketRow) =>
      last.get(cookie)?.accepted ?? (protocol === "tcp" && listening.has(localPort));
    const open = rows.flatMap((row) => owned(row, owners.of(row.cookie), isAccepted(row)));
    for (const one of open) last.set(one.id, one);
    const ends = table.destroyed();
    const closed: OwnedSample[] = [];
    // Closed by its program before anybody saw which one that was.
    const isOurs = ({ localPort }: SocketRow) => !listening.has(localPort);
    // One that waits to be accepted has no owner yet, and others' clients are no program's.
    const unowned: SocketSample[] = owners.orphans(rows.filter(isOurs)).map(sampleOf);
    for (const row of ends.rows) {
      const program = owners.of(row.cookie);
      if (program !== undefined) closed.push(atItsEnd(row, program, last.get(row.cookie)));
      else if (isOurs(row) && !owners.isForeign(row.cookie)) unowned.push(sampleOf(row));
      owners.forget(row.cookie);
      last.delete(row.cookie);
    }
    const present = new Set(open.map(({ id }) => id));
    const vanished = [...last].flatMap(([id, one]) => (present.has(id) ? [] : [one]));
    for (const { id } of vanished) {
      owners.forget(id);
      last.delete(id);
    }
    closed.push(...vanished);
    return { open, closed, unowned, lost: ends.lost };
  };
  return {
    sample,
    commandLines: () =>
      tree
        .refresh()
        .map(argumentsOf)
        .map((line) => [...line, ...aptSources(line)]),
    unreadable: tree.unreadable,
    close: table.close,
  };
}

/** A row whose process was not found may belong to one that was just started: it is looked for again so often. */
const LOOKS = 3;
/** Of what is remembered of other programs' sockets. */
const MOST_FOREIGN = 20_000;

/** Which program has which socket, by the kernel's number for it; a process is looked at when there is something new alone. */
function createOwners(tree: ProcessTree) {
  const programs = new Map<string, string>();
  /** Looks that found nobody. */
  const looks = new Map<string, number>();
  const isOpen = ({ cookie, inode }: SocketRow) =>
    inode !== 0 && !programs.has(cookie) && (looks.get(cookie) ?? 0) < LOOKS;
  const find = (rows: readonly SocketRow[]) => {
    const held = tree.sockets();
    for (const { cookie, inode } of rows) {
      const pid = held.get(inode);
      if (pid !== undefined) programs.set(cookie, programName(pid));
      else if (looks.size < MOST_FOREIGN) looks.set(cookie, (looks.get(cookie) ?? 0) + 1);
    }
  };
  return {
    learn: (rows: readonly SocketRow[]) => {
      const unknown = rows.filter(isOpen);
      if (unknown.length > 0) find(unknown);
    },
    /** New ones without a program; each is told once. */
    orphans: (rows: readonly SocketRow[]) => {
      const found = rows.filter(
        ({ cookie, inode }) => inode === 0 && !programs.has(cookie) && !looks.has(cookie),
      );
      for (const { cookie } of found) looks.set(cookie, LOOKS);
      return found;
    },
    of: (cookie: string) => programs.get(cookie),
    // One that was over before it had been looked for often enough may have been the program's.
    isForeign: (cookie: string) => (looks.get(cookie) ?? 0) >= LOOKS,
    forget: (cookie: string) => {
      programs.delete(cookie);
      looks.delete(cookie);
    },
  };
}

function owned(
  row: SocketRow,
  program: string | undefined,
  accepted: boolean,
): readonly OwnedSample[] {
  return program === undefined ? [] : [{ ...sampleOf(row), program, accepted }];
}

function sampleOf({ cookie, timer, inode: _, localAddress: __, ...row }: SocketRow): SocketSample {
  return { ...row, id: cookie, zeroWindow: timer === "zero-window" };
}

/** A socket that is gone is in the state CLOSED, and what a UDP one's queues then hold is no number of bytes. */
function atItsEnd(row: SocketRow, program: string, before: OwnedSample | undefined): OwnedSample {
  const end = { ...sampleOf(row), program, accepted: false };
  const { state, address, port, accepted } = before ?? end;
  const counted = row.protocol === "tcp" ? end : { unread: 0, unsent: 0, ...before };
  return { ...end, ...pickQueues(counted), state, address, port, accepted };
}

function pickQueues({ unread, unsent }: Pick<OwnedSample, "unread" | "unsent">) {
  return { unread, unsent };
}
