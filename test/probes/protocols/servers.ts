// What real servers sent (OpenSSH 9.2, Postfix 3.7, Dovecot 2.3, vsftpd 3.0.3, MariaDB 10.11, PostgreSQL 15, git 2.39), message by message.

import type { Protocol } from "../../../probes/protocols/conversation.ts";
import { PROTOCOLS } from "../../../probes/protocols/protocols.ts";
import captured from "./captured.json" with { type: "json" };
import type { Message, Setting } from "./play.ts";

const bytes = (text: string) => Buffer.from(text, "base64");

export const SSH_IDENTIFICATION = captured.ssh.identification;
export const SSH_KEXINIT = bytes(captured.ssh.kexInit);
/** NEWKEYS comes with it, 16 bytes that nobody waits for. */
export const SSH_REPLY = bytes(captured.ssh.reply).subarray(0, -16);
export const MYSQL_GREETING = bytes(captured.mysql.greeting);
const MYSQL_DENIED = bytes(captured.mysql.accessDenied);

export const EHLO_REPLY =
  "250-server.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250 CHUNKING\r\n";
const PRE_LOGIN = "Pre-login capabilities listed, post-login capabilities have more.";
const IMAP_CAPABILITIES =
  "* CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ STARTTLS AUTH=PLAIN";
export const POP3_CAPABILITIES =
  "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\nSTLS\r\nUSER\r\nSASL PLAIN\r\n.\r\n";
const SCRAM = Buffer.from("R\0\0\0*\0\0\0\nSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", "latin1");

export interface RecordedServer {
  readonly name: string;
  readonly protocol: Protocol;
  readonly setting?: Setting;
  readonly messages: readonly Message[];
  /** What the conversation does, as lines. */
  readonly expected: readonly string[];
}

const burst = Array.from(
  { length: 30 },
  (_, n) => `${IMAP_CAPABILITIES}\r\nb${n} OK ${PRE_LOGIN}\r\n`,
);

export const SERVERS: readonly RecordedServer[] = [
  {
    name: "OpenSSH",
    protocol: PROTOCOLS.ssh,
    messages: [SSH_IDENTIFICATION, SSH_KEXINIT, SSH_REPLY],
    expected: [
      "> SSH-2.0-wsl-trace",
      "greeting SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
      "> 744 bytes",
      "large inbound",
      "> 1208 bytes",
      "> 40 bytes",
      "answered SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
    ],
  },
  {
    name: "Postfix",
    protocol: PROTOCOLS.smtp,
    messages: [
      "220 server.example.test ESMTP Postfix\r\n",
      EHLO_REPLY,
      "220 2.0.0 Ready to start TLS\r\n",
      EHLO_REPLY,
    ],
    expected: [
      "greeting 220 server.example.test ESMTP Postfix",
      "> EHLO wsl-trace.invalid",
      "> STARTTLS",
      "large inbound",
      "tls",
      "> EHLO wsl-trace.invalid",
      "> QUIT",
      "answered 220 server.example.test ESMTP Postfix",
    ],
  },
  {
    name: "Postfix inside TLS",
    protocol: PROTOCOLS.smtps,
    messages: ["220 server.example.test ESMTP Postfix\r\n", EHLO_REPLY],
    expected: [
      "large inbound",
      "tls",
      "greeting 220 server.example.test ESMTP Postfix",
      "> EHLO wsl-trace.invalid",
      "> QUIT",
      "answered 220 server.example.test ESMTP Postfix",
    ],
  },
  {
    name: "Dovecot's IMAP",
    protocol: PROTOCOLS.imap,
    messages: [
      "* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.\r\n",
      `${IMAP_CAPABILITIES}\r\na1 OK ${PRE_LOGIN}\r\n`,
      "a2 OK Begin TLS negotiation now.\r\n",
      ...burst,
    ],
    expected: [
      "greeting * OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.",
      "> a1 CAPABILITY",
      "> a2 STARTTLS",
      "large inbound",
      "tls",
      "large inbound",
      "> 470 bytes",
      "> z1 LOGOUT",
      "answered * OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.",
    ],
  },
  {
    name: "Dovecot's POP3",
    protocol: PROTOCOLS.pop3,
    messages: [
      "+OK Dovecot (Debian) ready.\r\n",
      POP3_CAPABILITIES,
      "+OK Begin TLS negotiation now.\r\n",
      POP3_CAPABILITIES.repeat(40),
    ],
    expected: [
      "greeting +OK Dovecot (Debian) ready.",
      "> CAPA",
      "> STLS",
      "large inbound",
      "tls",
      "large inbound",
      "> 240 bytes",
      "> QUIT",
      "answered +OK Dovecot (Debian) ready.",
    ],
  },
  {
    name: "vsftpd",
    protocol: PROTOCOLS.ftp,
    messages: [
      "220 (vsFTPd 3.0.3)\r\n",
      "234 Proceed with negotiation.\r\n",
      "211-Features:\r\n AUTH TLS\r\n EPRT\r\n REST STREAM\r\n211 End\r\n",
    ],
    expected: [
      "greeting 220 (vsFTPd 3.0.3)",
      "> AUTH TLS",
      "large inbound",
      "tls",
      "> FEAT",
      "> QUIT",
      "answered 220 (vsFTPd 3.0.3)",
    ],
  },
  {
    name: "MariaDB",
    protocol: PROTOCOLS.mysql,
    messages: [MYSQL_GREETING, MYSQL_DENIED],
    expected: [
      "greeting 5.5.5-10.11.19-MariaDB-0+deb12u1",
      "> 93 bytes",
      "answered 5.5.5-10.11.19-MariaDB-0+deb12u1: error 1045: Access denied for user 'wsl-trace'@'127.0.0.1' (using password: NO)",
    ],
  },
  {
    name: "PostgreSQL",
    protocol: PROTOCOLS.postgres,
    messages: ["S", SCRAM],
    expected: [
      "> 8 bytes",
      "large inbound",
      "tls",
      "> 51 bytes",
      "greeting authentication request",
      "answered authentication request",
    ],
  },
  {
    name: "git daemon",
    protocol: PROTOCOLS.git,
    messages: ["004fERR access denied or repository not exported: /wsl-trace-no-such-repository"],
    expected: [
      "> 75 bytes",
      "greeting ERR access denied or repository not exported: /wsl-trace-no-such-repository",
      "answered ERR access denied or repository not exported: /wsl-trace-no-such-repository",
    ],
  },
  {
    name: "git daemon's refs",
    protocol: PROTOCOLS.git,
    setting: { path: "/many.git" },
    messages: ["003d2f2380cd7463c4812907a9cc763a841604096e2e refs/heads/main\0", "0000"],
    expected: [
      "large inbound",
      "> 55 bytes",
      "greeting 2f2380cd7463c4812907a9cc763a841604096e2e refs/heads/main\0",
      "> 0000",
      "answered refs",
    ],
  },
];
