// Real servers of Debian's packages, each with a configuration of its own in a folder of the run.

import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { createFolder } from "../lab/independent/tool.ts";
import type { Certificate } from "./certificate.ts";

const exec = promisify(execFile);

export type Folder = ReturnType<typeof createFolder>;

export interface RealServer {
  readonly name: string;
  /** Debian's package, and the program that shows that it is installed. */
  readonly package: string;
  readonly program: string;
  /** Each a target of its own, with HOST for the address. */
  readonly targets: readonly string[];
  readonly ports: readonly number[];
  /** Writes what the server needs; gives the command that runs it in the foreground. */
  prepare(folder: Folder, certificate: Certificate): Promise<readonly string[]>;
}

export function missing(servers: readonly RealServer[]): readonly RealServer[] {
  return servers.filter(({ program }) => !existsSync(program));
}

export const SERVERS: readonly RealServer[] = [
  ssh("OpenSSH, keys of every type", ["rsa", "ecdsa", "ed25519"]),
  ssh("OpenSSH, no RSA key", ["ed25519"]),
  postfix("Postfix", true),
  besideHttps(postfix("Postfix without TLS", false)),
  {
    name: "Dovecot",
    package: "dovecot-imapd dovecot-pop3d",
    program: "/usr/lib/dovecot/imap-login",
    targets: ["imap://HOST", "imaps://HOST", "pop3://HOST", "pop3s://HOST"],
    ports: [143, 993, 110, 995],
    prepare: async (folder, { key, chain }) => {
      const config = folder.file(
        "dovecot.conf",
        `base_dir = ${subfolder(folder, "dovecot-run")}
state_dir = ${subfolder(folder, "dovecot-state")}
protocols = imap pop3
listen = *
log_path = /dev/null
ssl = yes
ssl_cert = <${chain}
ssl_key = <${key}
mail_location = maildir:/nonexistent
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
`,
      );
      return ["/usr/sbin/dovecot", "-F", "-c", config];
    },
  },
  vsftpd("vsftpd", true),
  vsftpd("vsftpd without TLS", false),
  mariadb("MariaDB without TLS", false),
  besideHttps(mariadb("MariaDB without TLS", false)),
  mariadb("MariaDB with TLS", true),
  postgresql("PostgreSQL", true),
  postgresql("PostgreSQL without TLS", false),
  {
    name: "git daemon",
    package: "git",
    program: "/usr/lib/git-core/git-daemon",
    targets: ["git://HOST", "git://HOST/many.git"],
    ports: [9418],
    prepare: async (folder) => {
      const repositories = subfolder(folder, "repositories", 0o755);
      const many = `${repositories}/many.git`;
      await exec("git", ["init", "--bare", "--quiet", many]);
      const identity = ["-c", "user.name=t", "-c", "user.email=t@example.test"];
      const tree = (
        await exec("git", ["-C", many, "hash-object", "-t", "tree", "-w", "/dev/null"])
      ).stdout.trim();
      const commit = (
        await exec("git", ["-C", many, ...identity, "commit-tree", "-m", "x", tree])
      ).stdout.trim();
      for (let n = 0; n < 60; n += 1) {
        await exec("git", ["-C", many, "update-ref", `refs/heads/branch-${n}`, commit]);
      }
      return [
        "/usr/lib/git-core/git-daemon",
        "--export-all",
        "--reuseaddr",
        `--base-path=${repositories}`,
        repositories,
      ];
    },
  },
];

const AS_POSTGRES = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

function ssh(name: string, keys: readonly string[]): RealServer {
  return {
    name,
    package: "openssh-server",
    program: "/usr/sbin/sshd",
    targets: ["ssh://HOST"],
    ports: [22],
    prepare: async (folder) => {
      mkdirSync("/run/sshd", { recursive: true });
      const files = keys.map((type) => path.join(folder.path, `${keys.length}-${type}`));
      for (const [n, type] of keys.entries()) {
        await exec("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", files[n] ?? ""]);
      }
      const lines = [...files.map((file) => `HostKey ${file}`), "PidFile none", "UsePAM no"];
      const config = folder.file(`sshd-${keys.length}.conf`, `${lines.join("\n")}\n`);
      return ["/usr/sbin/sshd", "-D", "-f", config];
    },
  };
}

function mariadb(name: string, secure: boolean): RealServer {
  return {
    name,
    package: "mariadb-server",
    program: "/usr/sbin/mariadbd",
    targets: ["mysql://HOST"],
    ports: [3306],
    prepare: async (folder, { key, chain }) => {
      const data = subfolder(folder, `mariadb-${secure}`, 0o755);
      await exec("chown", ["mysql", data]);
      const own = ["--no-defaults", "--user=mysql", `--datadir=${data}`];
      await exec("mariadb-install-db", [...own, "--skip-test-db"]);
      const init = folder.file("mariadb.sql", "CREATE USER someone@'%' IDENTIFIED BY 'x';\n");
      const tls = secure ? [`--ssl-cert=${chain}`, `--ssl-key=${key}`] : [];
      const files = [`--socket=${data}/socket`, `--pid-file=${data}/pid`];
      return [
        "/usr/sbin/mariadbd",
        ...own,
        ...files,
        ...tls,
        `--init-file=${init}`,
        "--bind-address=0.0.0.0",
        "--skip-name-resolve",
      ];
    },
  };
}

function postfix(name: string, secure: boolean): RealServer {
  return {
    name,
    package: "postfix",
    program: "/usr/sbin/postfix",
    targets: secure ? ["smtp://HOST", "smtps://HOST"] : ["smtp://HOST"],
    ports: secure ? [25, 465] : [25],
    prepare: async (folder, { key, chain }) => {
      const queue = subfolder(folder, "postfix-queue");
      const data = subfolder(folder, "postfix-data");
      const config = subfolder(folder, "postfix");
      await exec("chown", ["postfix", data]);
      folder.file(
        "postfix/main.cf",
        `compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
myhostname = server.example.test
mydestination =
smtpd_tls_cert_file = ${chain}
smtpd_tls_key_file = ${key}
smtpd_tls_security_level = ${secure ? "may" : "none"}
smtpd_peername_lookup = no
`,
      );
      const wrapped = "smtps inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n";
      folder.file(
        "postfix/master.cf",
        `smtp inet n - n - - smtpd
${secure ? wrapped : ""}tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`,
      );
      await exec("/usr/sbin/postfix", ["-c", config, "check"]);
      // In the group of whoever starts it, where "start-fg" makes one of its own.
      return ["/usr/lib/postfix/sbin/master", "-c", config, "-d"];
    },
  };
}

function vsftpd(name: string, secure: boolean): RealServer {
  return {
    name,
    package: "vsftpd",
    program: "/usr/sbin/vsftpd",
    targets: ["ftp://HOST"],
    ports: [21],
    prepare: async (folder, { key, chain }) => {
      const tls = `ssl_enable=YES
allow_anon_ssl=YES
require_ssl_reuse=NO
rsa_cert_file=${chain}
rsa_private_key_file=${key}
`;
      const config = folder.file(
        `vsftpd-${secure}.conf`,
        `listen=YES
background=NO
anonymous_enable=YES
secure_chroot_dir=${subfolder(folder, "empty", 0o755)}
xferlog_enable=NO
${secure ? tls : ""}`,
      );
      return ["/usr/sbin/vsftpd", config];
    },
  };
}

function postgresql(name: string, secure: boolean): RealServer {
  return {
    name,
    package: "postgresql-15",
    program: "/usr/lib/postgresql/15/bin/postgres",
    targets: ["postgres://HOST"],
    ports: [5432],
    prepare: async (folder, { key, chain }) => {
      const data = subfolder(folder, `postgres-${secure}`, 0o700);
      await exec("chown", ["postgres", data]);
      const bin = "/usr/lib/postgresql/15/bin";
      const password = folder.file("password", "x\n");
      const init = ["--no-sync", "-A", "scram-sha-256", "--pwfile", password, data];
      await exec("setpriv", [...AS_POSTGRES, `${bin}/initdb`, ...init], { cwd: "/" });
      folder.file(`postgres-${secure}/pg_hba.conf`, "host all all all scram-sha-256\n");
      await exec("cp", [key, `${data}/server.key`]);
      await exec("cp", [chain, `${data}/server.crt`]);
      await exec("chown", ["postgres", `${data}/server.key`, `${data}/server.crt`]);
      await exec("chmod", ["600", `${data}/server.key`]);
      const settings = [
        `ssl=${secure ? "on" : "off"}`,
        "listen_addresses=*",
        `unix_socket_directories=${data}`,
        "fsync=off",
      ];
      return [
        "setpriv",
        ...AS_POSTGRES,
        `${bin}/postgres`,
        "-D",
        data,
        ...settings.flatMap((setting) => ["-c", setting]),
      ];
    },
  };
}

const HTTPS = `const { readFileSync } = require("node:fs");
const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
require("node:https").createServer({ key, cert }, (_, answer) => answer.end("ok")).listen(443);
`;

/** The same on a host that serves HTTPS as well. */
function besideHttps(server: RealServer): RealServer {
  return {
    ...server,
    name: `${server.name}, HTTPS beside it`,
    ports: [...server.ports, 443],
    prepare: async (folder, certificate) => {
      const { key, chain } = certificate;
      const https = folder.file("https.cjs", HTTPS);
      const own = await server.prepare(folder, certificate);
      const both = `"$1" "$2" "$3" "$4" & shift 4; exec "$@"`;
      return ["sh", "-c", both, "sh", process.execPath, https, key, chain, ...own];
    },
  };
}

/** Whatever user the server runs as may write there, unless a mode is given. */
function subfolder(folder: Folder, name: string, mode = 0o777): string {
  const full = path.join(folder.path, name);
  mkdirSync(full, { recursive: true });
  chmodSync(full, mode);
  return full;
}
