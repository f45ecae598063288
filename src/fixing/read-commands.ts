// Reads the commands of a fix for Linux as the changes that they make; what is not read here is never run by the tool.

import { type Change, change } from "./change.ts";

type Reader = readonly [RegExp, (groups: readonly string[]) => readonly unknown[]];

const MTU = /^ip link set dev (\S+) mtu (\d+)$/;
const IP = /^ip (-6 )?(route|rule|addr) (change|replace|add|del) (.+)$/;

// Each as src/diagnosis prints it; a line of another shape is for the user to type.
const READERS: readonly Reader[] = [
  [MTU, ([device, mtu]) => [{ kind: "link-mtu", device, mtu: Number(mtu) }]],
  [
    IP,
    ([six, object, verb = "", rest = ""]) => [
      {
        kind: "ip",
        family: six === "" && !rest.includes(":") ? 4 : 6,
        object: object === "addr" ? "address" : object,
        args: [verb, ...rest.split(" ")],
      },
    ],
  ],
  [/^ip (?:-6 )?route flush cache$/, () => [{ kind: "flush-cache" }]],
  [/^sysctl -w ([\w.-]+)="?([\w ]+)"?$/, ([key, value]) => [{ kind: "sysctl", key, value }]],
  [/^printf '([^']*)' \| tee -a (\S+)$/, ([text, path]) => [append(path, unescaped(text))]],
  [/^echo '([^']*)' \| tee -a (\S+)$/, ([text, path]) => [append(path, `${text}\n`)]],
  [
    /^printf '([^']*)' \| tee (\S+)$/,
    ([text, path]) => [{ kind: "edit", path, edit: { kind: "write", text: unescaped(text) } }],
  ],
  [
    /^sh -c 'c=\$\(sed "1i ([^"]+)" (\S+)\) && echo "\$c" > \2'$/,
    ([text, path]) => [{ kind: "edit", path, edit: { kind: "first-line", text } }],
  ],
  [
    /^sh -c 'c=\$\(sed "s\/\[\[:space:\]\](\w+)\/\/" (\S+)\) && echo "\$c" > \2'$/,
    ([text, path]) => [{ kind: "edit", path, edit: { kind: "delete-word", text } }],
  ],
  [
    /^touch (\S+) && sed -i '\/(\w+)\/d' \1$/,
    ([path, text]) => [{ kind: "edit", path, edit: { kind: "delete-lines", text } }],
  ],
  [
    /^sed -i 's\/\^(\w+:)\.\*\/([\w: ]+)\/' (\S+)$/,
    ([begin, text, path]) => [{ kind: "edit", path, edit: { kind: "replace-lines", begin, text } }],
  ],
  [/^rm -f (\S+)$/, ([path]) => [{ kind: "remove", path }]],
  [/^ln -sf (\S+) (\S+)$/, ([target, path]) => [{ kind: "link", path, target }]],
  [/^chattr -i (\S+)$/, ([path]) => [{ kind: "mutable", path }]],
  [/^mkdir -p (\S+)$/, ([path = ""]) => foldersTo(path)],
];

/** The changes, in their order; null where one of the commands is not a change that can be taken back. */
export function changesOf(commands: readonly string[]): readonly Change[] | null {
  const read = commands.map(
    (line, index) => settingsOfFile(line, commands[index - 1]) ?? oneLine(line),
  );
  return read.includes(null) ? null : read.flatMap((changes) => changes ?? []);
}

function oneLine(line: string): readonly Change[] | null {
  const plain = withoutSudo(line);
  for (const [pattern, changes] of READERS) {
    const found = pattern.exec(plain);
    if (found === null) continue;
    const parsed = change
      .array()
      .safeParse(changes(found.slice(1).map((group: string | undefined) => group ?? "")));
    return parsed.success ? parsed.data : null;
  }
  return null;
}

/** `sysctl -p FILE` of the file that the line before wrote. */
function settingsOfFile(line: string, before: string | undefined): readonly Change[] | null {
  if (!/^sysctl -p \/etc\/sysctl\.d\//.test(withoutSudo(line)) || before === undefined) return null;
  const [written] = oneLine(before) ?? [];
  if (written?.kind !== "edit" || written.edit.kind !== "write") return null;
  const lines = written.edit.text.trim().split("\n");
  const settings = lines.map((one) => {
    const [key, value] = one.split(/\s*=\s*/);
    return { kind: "sysctl", key, value };
  });
  const parsed = change.array().safeParse(settings);
  return parsed.success ? parsed.data : null;
}

/** The command as root types it. */
export function withoutSudo(line: string): string {
  return line.replaceAll(/(^|\| |&& )sudo (?=\S)/g, "$1").replace(/^sudoedit /, "vi ");
}

function append(path: string | undefined, text: string): unknown {
  return { kind: "edit", path, edit: { kind: "append", text } };
}

/** What printf makes of the only escape that fixes have. */
function unescaped(text = ""): string {
  return text.replaceAll("\\n", "\n");
}

/** The folder and those above it, from the top, but for /etc. */
function foldersTo(path: string): readonly unknown[] {
  const parts = path.split("/").slice(2);
  return parts.map((_, index) => ({
    kind: "folder",
    path: `/etc/${parts.slice(0, index + 1).join("/")}`,
  }));
}
