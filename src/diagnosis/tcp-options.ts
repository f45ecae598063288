// Options of TCP that this system can do without, and the command that switches one off.

/** ip-sysctl: for connections that are made from then on, over IPv6 too. */
const SETTINGS = {
  timestamps: "net.ipv4.tcp_timestamps",
  windowScaling: "net.ipv4.tcp_window_scaling",
  sack: "net.ipv4.tcp_sack",
  ecn: "net.ipv4.tcp_ecn",
} as const;

export type TcpOption = keyof typeof SETTINGS;

/** A fix without its title. */
export function switchOff(option: TcpOption) {
  return {
    where: "linux",
    commands: [`sudo sysctl -w ${SETTINGS[option]}=0`],
    persistent: false,
  } as const;
}
