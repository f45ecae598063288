// What a lab network is made of: routers and hosts, the links between them, one tunnel, and its routes.

/** A network namespace of the lab; host is Windows, lan the home router. */
export type Role = "guest" | "host" | "lan" | "internet" | "vpn-gateway" | "server";

export type Family = 4 | 6;

/** One end of a link or tunnel. */
export interface LinkEnd {
  readonly role: Role;
  readonly interface: string;
  /** With prefix length, both families. */
  readonly addresses: readonly string[];
}

/** A cable: both ends have its MTU. */
export interface Link {
  readonly mtu: number;
  readonly ends: readonly [LinkEnd, LinkEnd];
}

/** A VPN that carries every family from the client to the gateway. */
export interface Tunnel {
  readonly mtu: number;
  readonly client: LinkEnd;
  readonly gateway: LinkEnd;
  /** Where the client finds the gateway: the outer address. */
  readonly endpoint: { readonly address: string; readonly port: number };
}

export interface Route {
  readonly role: Role;
  /** A prefix, or 0.0.0.0/0 or ::/0 for the default route. */
  readonly prefix: string;
  /** Null when everything is on the link itself. */
  readonly via: string | null;
  readonly interface: string;
  readonly metric: number;
}

/** Source NAT of what leaves by an interface. */
export interface Masquerade {
  readonly role: Role;
  readonly interface: string;
  readonly families: readonly Family[];
  /** Only what comes from these prefixes. */
  readonly from: readonly string[];
}

/** How Windows calls an interface of the host. */
export interface WindowsAdapter {
  readonly interface: string;
  readonly alias: string;
  readonly description: string;
  /** IANA ifType: 6 Ethernet, 23 PPP, 71 Wi-Fi. */
  readonly interfaceType: number;
  readonly virtual: boolean;
  /** InterfaceMetric; the routes' metrics in the lab are RouteMetric + this. */
  readonly metric: number;
  /** The profile of Windows' own VPN client, where it is one. */
  readonly vpn: {
    readonly serverAddress: string;
    readonly tunnelType: string;
    readonly split: boolean;
  } | null;
}

export interface Topology {
  /** As ASCII, for people. */
  readonly picture: string;
  readonly roles: readonly Role[];
  readonly links: readonly Link[];
  readonly tunnel: Tunnel | null;
  /** Addresses of a role that are on no link. */
  readonly extraAddresses: readonly {
    readonly role: Role;
    readonly addresses: readonly string[];
  }[];
  readonly routes: readonly Route[];
  readonly masquerades: readonly Masquerade[];
  readonly adapters: readonly WindowsAdapter[];
}
