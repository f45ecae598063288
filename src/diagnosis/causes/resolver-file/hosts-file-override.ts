// /etc/hosts gives the name an address that does not work, and the name servers have another.

import { attemptState, stageOf } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import { isShownToBeWsl } from "../../../facts/vantage.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const hostsFileOverride = cause({
  id: "hosts-file-override",
  area: "resolver-file",
  title: "/etc/hosts gives the name another address than the name servers do",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["port-refused", "port-filtered", "dns-answer-forged"],
  needs: [],
  judge: (facts) => {
    const { path } = facts;
    const name = path.run?.target.host ?? "";
    const own = path.dns.filter(({ origin }) => origin === "hosts-file");
    if (own.length === 0) return rejected(say("notInFile"));
    const here = addressesIn(own);
    const server = serverAnswer(path, name);
    if (server === null) return notChecked(say("nothingToCompare"));
    const shared = server.addresses.filter((address) => here.includes(address));
    const evidence = [...own.map(({ id }) => id), ...server.evidence];
    if (shared.length > 0) return rejected(say("sameAddress"), evidence);
    const fails = connectFails(facts);
    return atResolver({
      // A hosts entry that works is intended.
      severity: fails ? "fault" : "note",
      confidence: fails ? "inferred" : "exact",
      summary: say("found", {
        here,
        name,
        fails,
        server: server.server,
        addresses: server.addresses,
      }),
      evidence: [...evidence, ...(fails && facts.attempt !== undefined ? [facts.attempt.id] : [])],
      fixes: [
        {
          where: "linux",
          title: say("takeOut"),
          commands: [
            "sudoedit /etc/hosts",
            ...(isShownToBeWsl(facts.path) ? [KEEP_FROM_WRITING] : []),
          ],
          persistent: true,
        },
        ...(isShownToBeWsl(facts.path) ? [IN_WINDOWS] : []),
      ],
    });
  },
});

/** WSL copies the lines of Windows' own file. */
const KEEP_FROM_WRITING = "printf '[network]\\ngenerateHosts=false\\n' | sudo tee -a /etc/wsl.conf";
const IN_WINDOWS = {
  where: "windows-admin",
  title: say("takeOutOfWindows"),
  commands: ['notepad "$env:SystemRoot\\System32\\drivers\\etc\\hosts"', "wsl --shutdown"],
  persistent: true,
} as const;

function addressesIn(replies: Path["dns"]): readonly string[] {
  return [
    ...new Set(
      replies.flatMap(({ outcome }) => (outcome.kind === "answer" ? outcome.addresses : [])),
    ),
  ];
}

/** What a program would get without the file: the first server of resolv.conf with addresses. */
function serverAnswer(path: Path, name: string) {
  const replies = path.dns.filter(
    (reply) => reply.origin === "resolv.conf" && reply.name === name.replace(/\.$/, ""),
  );
  const first = replies.find(
    ({ outcome }) => outcome.kind === "answer" && outcome.addresses.length > 0,
  );
  if (first === undefined) return null;
  const same = replies.filter(({ server }) => server === first.server);
  return {
    server: first.server,
    addresses: addressesIn(same),
    evidence: same.map(({ id }) => id),
  };
}

function connectFails({ attempt }: Facts): boolean {
  if (attempt === undefined) return false;
  const connect = stageOf(attempt, "connect");
  const reported = connect !== undefined && connect.result.kind !== "ok";
  return reported && attemptState(attempt, "connect") !== "passed";
}
