// What ipconfig, route and netsh print on one host, in several languages; every value is of our own making.

interface Words {
  readonly heading: string;
  readonly ethernet: string;
  readonly media: readonly [string, string];
  readonly suffix: string;
  readonly description: string;
  readonly mac: string;
  readonly linkLocal: string;
  readonly ipv4: string;
  readonly preferred: string;
  readonly mask: string;
  readonly gateway: string;
  readonly dhcp: string;
  readonly dns: string;
  readonly netbios: string;
  /** The name that this Windows gives its first cable. */
  readonly lan: string;
}

export const LANGUAGES: Readonly<Record<string, Words>> = {
  en: {
    heading: "Windows IP Configuration",
    ethernet: "Ethernet adapter",
    lan: "Ethernet",
    media: ["Media State", "Media disconnected"],
    suffix: "Connection-specific DNS Suffix",
    description: "Description",
    mac: "Physical Address",
    ipv4: "IPv4 Address",
    linkLocal: "Link-local IPv6 Address",
    preferred: "(Preferred)",
    mask: "Subnet Mask",
    gateway: "Default Gateway",
    dhcp: "DHCP Server",
    dns: "DNS Servers",
    netbios: "NetBIOS",
  },
  de: {
    heading: "Windows-IP-Konfiguration",
    ethernet: "Ethernet-Adapter",
    lan: "Büro",
    media: ["Medienstatus", "Medium getrennt"],
    suffix: "Verbindungsspezifisches DNS-Suffix",
    description: "Beschreibung",
    mac: "Physische Adresse",
    ipv4: "IPv4-Adresse",
    linkLocal: "Verbindungslokale IPv6-Adresse",
    preferred: "(Bevorzugt)",
    mask: "Subnetzmaske",
    gateway: "Standardgateway",
    dhcp: "DHCP-Server",
    dns: "DNS-Server",
    netbios: "NetBIOS über TCP/IP",
  },
  ru: {
    heading: "Настройка протокола IP для Windows",
    ethernet: "Адаптер Ethernet",
    lan: "Сеть",
    media: ["Состояние среды", "Среда передачи недоступна"],
    suffix: "DNS-суффикс подключения",
    description: "Описание",
    mac: "Физический адрес",
    linkLocal: "Локальный IPv6-адрес канала",
    ipv4: "IPv4-адрес",
    preferred: "(Основной)",
    mask: "Маска подсети",
    gateway: "Основной шлюз",
    dhcp: "DHCP-сервер",
    dns: "DNS-серверы",
    netbios: "NetBIOS через TCP/IP",
  },
  ja: {
    heading: "Windows IP 構成",
    ethernet: "イーサネット アダプター",
    lan: "イーサネット",
    media: ["メディアの状態", "メディアは接続されていません"],
    suffix: "接続固有の DNS サフィックス",
    description: "説明",
    mac: "物理アドレス",
    linkLocal: "リンクローカル IPv6 アドレス",
    ipv4: "IPv4 アドレス",
    preferred: "(優先)",
    mask: "サブネット マスク",
    gateway: "デフォルト ゲートウェイ",
    dhcp: "DHCP サーバー",
    dns: "DNS サーバー",
    netbios: "NetBIOS over TCP/IP",
  },
  "zh-CN": {
    heading: "Windows IP 配置",
    ethernet: "以太网适配器",
    lan: "以太网",
    media: ["媒体状态", "媒体已断开连接"],
    suffix: "连接特定的 DNS 后缀",
    description: "描述",
    mac: "物理地址",
    linkLocal: "本地链接 IPv6 地址",
    ipv4: "IPv4 地址",
    preferred: "(首选)",
    mask: "子网掩码",
    gateway: "默认网关",
    dhcp: "DHCP 服务器",
    dns: "DNS 服务器",
    netbios: "TCPIP 上的 NetBIOS",
  },
};

const LABEL_WIDTH = 35;

const labelled = (label: string, value = "") =>
  `   ${label}${" .".repeat(Math.max(0, Math.floor((LABEL_WIDTH - label.length) / 2)))} : ${value}`;
const below = (value: string) => `${" ".repeat(39)}${value}`;

/** `ipconfig /all`: a cable with both families, WSL's switch, a VPN, and a cable that is not plugged in. */
export function ipconfigText(words: Words): string {
  const title = (name: string) => `\n${words.ethernet} ${name}:\n`;
  return [
    `\n${words.heading}\n`,
    labelled("Host", "desktop-example"),
    title(words.lan),
    labelled(words.suffix, "example.test"),
    labelled(words.description, "Example Gigabit Controller"),
    labelled(words.mac, "00-00-5E-00-53-01"),
    labelled("DHCP", "1"),
    labelled("IPv6", `2001:db8::20${words.preferred}`),
    labelled(words.linkLocal, `fe80::20%9${words.preferred} `),
    labelled(words.ipv4, `192.0.2.20${words.preferred} `),
    labelled(words.mask, "255.255.255.0"),
    labelled(words.gateway, "fe80::1%9"),
    below("192.0.2.1"),
    labelled(words.dhcp, "192.0.2.1"),
    labelled("DHCPv6 IAID", "100000000"),
    labelled(words.dns, "2001:db8::53"),
    below("192.0.2.53"),
    labelled(words.netbios, "1"),
    title("vEthernet (WSL)"),
    labelled(words.suffix),
    labelled(words.description, "Hyper-V Virtual Ethernet Adapter"),
    labelled(words.mac, "00-15-5D-00-53-20"),
    labelled(words.ipv4, `198.51.100.1${words.preferred}`),
    labelled(words.mask, "255.255.255.128"),
    labelled(words.gateway),
    labelled(words.netbios, "1"),
    title("Example Corp"),
    labelled(words.suffix, "corp.example.test"),
    labelled(words.description, "Example Corp"),
    labelled(words.mac),
    labelled("DHCP", "0"),
    labelled(words.ipv4, `203.0.113.130${words.preferred}`),
    labelled(words.mask, "255.255.255.255"),
    labelled(words.gateway, "0.0.0.0"),
    labelled(words.dns, "203.0.113.53"),
    labelled(words.netbios, "1"),
    title(`${words.lan} 2`),
    labelled(...words.media),
    labelled(words.suffix),
    labelled(words.description, "Example Gigabit Controller #2"),
    labelled(words.mac, "00-00-5E-00-53-02"),
  ]
    .join("\n")
    .replaceAll("\n", "\r\n");
}

const RULE = "=".repeat(75);

/** `route print` of the same host; the words for "on the link" differ by language. */
export function routeText(onLink: string): string {
  const hop = onLink.padStart(16);
  return `${RULE}
Interfaces
  9...00 00 5e 00 53 01 ......Example Gigabit Controller
 31...00 15 5d 00 53 20 ......Hyper-V Virtual Ethernet Adapter
 62...........................Example Corp
 17...00 00 00 00 00 00 00 e0 Example Tunneling Adapter
  1...........................Software Loopback Interface 1
${RULE}

IPv4
${RULE}
          0.0.0.0          0.0.0.0        192.0.2.1       192.0.2.20   4275
          0.0.0.0          0.0.0.0 ${hop}    203.0.113.130     26
        127.0.0.0        255.0.0.0 ${hop}        127.0.0.1   4556
        192.0.2.0    255.255.255.0 ${hop}       192.0.2.20   4531
     198.51.100.0  255.255.255.128 ${hop}     198.51.100.1   5256
${RULE}
        192.0.2.0    255.255.255.0      192.0.2.254       1
${RULE}

IPv6
${RULE}
  9    281 ::/0                     fe80::1
  1    331 ::1/128                  ${onLink}
  9    281 2001:db8::/64            ${onLink}
  9    281 2001:db8::1111:2222:3333:20/128
                                    ${onLink}
${RULE}
`;
}

/** `netsh interface ipv4 show interfaces` of the same host. */
export function interfacesText(lan: string): string {
  return `
Idx     Met         MTU          State                Name
---  ----------  ----------  ------------  ---------------------------
  1        4300  4294967295  connected     Loopback Pseudo-Interface 1
  9        4250        1500  connected     ${lan}
 31        5000        1500  connected     vEthernet (WSL)
 62          26        1400  connected     Example Corp
 12           5        1500  disconnected  ${lan} 2
`;
}

/** `netsh interface ipv4 show route` of the same host. */
export const NETSH_ROUTES = `
Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name
-------  --------  ---  ------------------------  ---  ------------------------
No       Manual    25   0.0.0.0/0                   9  192.0.2.1
No       Manual    0    0.0.0.0/0                  62  Example Corp
No       System    256  127.0.0.0/8                 1  Loopback Pseudo-Interface 1
No       System    256  192.0.2.0/24                9  Ethernet
No       System    256  198.51.100.0/25            31  vEthernet (WSL)
`;
