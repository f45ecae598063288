// Numbers of the Linux socket interface, the same on x86-64 and arm64; each line names its header.

/** asm-generic/socket.h, bits/socket.h */
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_SEQPACKET = 5;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x80000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_RCVBUF = 8;
export const SO_LINGER = 13;
export const SO_REUSEPORT = 15;
export const SO_RCVTIMEO = 20;
export const SO_BINDTODEVICE = 25;
export const SO_ATTACH_FILTER = 26;
export const SO_RCVBUFFORCE = 33;
export const SO_TIMESTAMPNS = 35;
export const SO_MARK = 36;
export const MSG_ERRQUEUE = 0x2000;
export const MSG_DONTWAIT = 0x40;
/** asm-generic/poll.h */
export const POLLOUT = 0x4;

/** linux/in.h */
export const IPPROTO_IP = 0;
export const IPPROTO_ICMP = 1;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_UDPLITE = 136;
export const IPPROTO_RAW = 255;
export const IPPROTO_IPV6 = 41;
export const IP_TTL = 2;
export const IP_MTU_DISCOVER = 10;
export const IP_RECVERR = 11;
export const IP_RECVTTL = 12;
export const IP_MTU = 14;
export const IP_RECVFRAGSIZE = 25;
export const IP_RECVERR_RFC4884 = 26;

/** linux/in6.h */
export const IPPROTO_ICMPV6 = 58;
export const IPV6_UNICAST_HOPS = 16;
export const IPV6_MTU_DISCOVER = 23;
export const IPV6_MTU = 24;
export const IPV6_RECVERR = 25;
export const IPV6_RECVERR_RFC4884 = 31;
export const IPV6_RECVHOPLIMIT = 51;
export const IPV6_RECVFRAGSIZE = 77;
export const IPV6_HOPLIMIT = 52;

/** IP_PMTUDISC_* and IPV6_PMTUDISC_* have the same values. */
export const PMTUDISC_PROBE = 3;
export const PMTUDISC_OMIT = 5;

/** linux/tcp.h */
export const TCP_QUICKACK = 12;
export const TCP_MAXSEG = 2;
export const TCP_WINDOW_CLAMP = 10;
export const TCP_INFO = 11;
/** net/tcp_states.h */
export const TCP_ESTABLISHED = 1;
export const TCP_SYN_SENT = 2;
export const TCP_CLOSE = 7;

/** linux/netlink.h */
export const NETLINK_SOCK_DIAG = 4;

/** bits/socket.h, linux/if_packet.h */
export const SOL_PACKET = 263;
export const PACKET_STATISTICS = 6;
export const PACKET_AUXDATA = 8;
export const PACKET_VNET_HDR = 15;
/** linux/if_ether.h */
export const ETH_P_ALL = 0x0003;
export const ETH_P_IP = 0x0800;
export const ETH_P_IPV6 = 0x86dd;

/** linux/errqueue.h: who made an extended error. */
export const SO_EE_ORIGIN_ICMP = 2;
export const SO_EE_ORIGIN_ICMP6 = 3;

/** linux/time.h */
export const CLOCK_REALTIME = 0;
