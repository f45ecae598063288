// The real VPN of the lab: two wireguard-go programs, configured over their own text protocol.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { LabError } from "../error.ts";
import type { LabProcess, LabSystem } from "../lab-system.ts";
import type { LinkEnd, Tunnel } from "../topology/topology.ts";
import { inNamespace } from "./namespace.ts";
import { waitForLine } from "./wait-for-line.ts";

export const SOCKET_DIRECTORY = "/var/run/wireguard";
const WIREGUARD = "wireguard-go";
const TUN_DEVICE = "/dev/net/tun";

/** Why no wireguard-go can run here, null when it may. */
export async function whyNoWireguard(system: LabSystem): Promise<string | null> {
  if ((await system.fileFacts(TUN_DEVICE)) === null) return `there is no ${TUN_DEVICE}`;
  if (!(await system.mayWrite(TUN_DEVICE))) return `${TUN_DEVICE} is not open to this user`;
  const found = await system.run("sh", ["-c", `command -v ${WIREGUARD}`]);
  return found.exitCode === 0 ? null : `${WIREGUARD} is not installed`;
}

/**
 * Starts wireguard-go for one end. Its interface has the name of its namespace until `renameBatch`:
 * wireguard-go's sockets share one folder, whatever the namespace.
 * @param started notified of the program as soon as it runs, so that it can be ended if this fails
 */
export async function startWireguard(
  system: LabSystem,
  namespace: string,
  started: (program: LabProcess, socket: string) => void,
): Promise<void> {
  const { file, args } = inNamespace(namespace, [WIREGUARD, "--foreground", namespace]);
  // Only at this level does it log when its socket is there.
  const program = system.start(file, args, { LOG_LEVEL: "verbose" });
  started(program, socketOf(namespace));
  await waitForLine(program, (line) => line.includes("UAPI listener started"), WIREGUARD);
}

/** Gives the interface of a namespace its own name and MTU. */
export function renameBatch(tunnel: Tunnel, end: LinkEnd, namespace: string): string {
  const lines = [
    `link set ${namespace} mtu ${tunnel.mtu}`,
    `link set ${namespace} name ${end.interface}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * Makes the two ends peers. Only once all links are up: a handshake that is lost is repeated after
 * five seconds (REKEY_TIMEOUT of the WireGuard paper, s.6.1).
 */
export async function connectWireguard(
  system: LabSystem,
  tunnel: Tunnel,
  namespaceOf: (end: LinkEnd) => string,
): Promise<void> {
  const keys = { client: generateKeyPairSync("x25519"), gateway: generateKeyPairSync("x25519") };
  const { address, port } = tunnel.endpoint;
  // The gateway first: it must listen when the client's handshake comes.
  await configure(
    system,
    namespaceOf(tunnel.gateway),
    settings(keys.gateway, keys.client, [`listen_port=${port}`], []),
  );
  await configure(
    system,
    namespaceOf(tunnel.client),
    settings(keys.client, keys.gateway, [], [`endpoint=${address}:${port}`]),
  );
}

async function configure(system: LabSystem, namespace: string, text: string): Promise<void> {
  const answer = await system.askSocket(socketOf(namespace), text);
  if (answer.includes("errno=0")) return;
  throw new LabError("lab-vpn", `${WIREGUARD} refused its settings: ${answer.trim()}`);
}

function socketOf(namespace: string): string {
  return `${SOCKET_DIRECTORY}/${namespace}.sock`;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The "set" operation of the cross-platform userspace protocol: https://www.wireguard.com/xplatform/ */
function settings(
  own: KeyPair,
  peer: KeyPair,
  ownLines: readonly string[],
  peerLines: readonly string[],
): string {
  return [
    "set=1",
    `private_key=${hex(own.privateKey.export({ format: "jwk" }).d)}`,
    ...ownLines,
    `public_key=${hex(peer.publicKey.export({ format: "jwk" }).x)}`,
    ...peerLines,
    "allowed_ip=0.0.0.0/0",
    "allowed_ip=::/0",
    "",
    "",
  ].join("\n");
}

function hex(base64url = ""): string {
  return Buffer.from(base64url, "base64url").toString("hex");
}
