// How programs are made to use no proxy, where that helps.

import { directWorks } from "../../../facts/connection/proxy-state.ts";
import type { Path } from "../../../model/path.ts";
import { say } from "../../words.ts";

/** None where the direct way does not work either: it would only change what fails. */
export function withoutProxy(path: Path) {
  if (directWorks(path) === false) return [];
  return [
    {
      where: "linux",
      title: say("unset"),
      commands: ["unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY"],
      persistent: false,
    },
    {
      where: "linux",
      title: say("findIt"),
      commands: [
        "grep -ni '_proxy' ~/.bashrc ~/.profile /etc/environment /etc/profile.d/* /etc/apt/apt.conf.d/*",
      ],
      persistent: true,
    },
  ] as const;
}
