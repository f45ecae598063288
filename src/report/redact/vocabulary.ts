// Words that redaction leaves in free text: those of the tool itself, of Linux and of Windows. Made by npm run vocabulary.

export const VOCABULARY: ReadonlySet<string> = new Set(
  `
a0b2 aaaa aad ab abgelehnt able abort aborted aborterror about above absent absolute ac accept acceptable accepted
accepts access accessdenied accounted ack acked ackedbytes acknowledged acknowledgement acknowledgements
acknowledges acks acquire across act action active actively activestore activity actual adapter adapterbindings
adapters add addflow additionals addr address addressed addresses addressfamily addressgiven addressof addressprefix
addressstate adds admin administered administrator adv advice advmss aes af afee affected after afterms afterone
afterttl afterwards again againbytes against age agent ages agree agreed agrees ah ahead aheadbytes aheadms ahosts
akamai alarm alert alias align alike alive alives all allanswer allanswered allavailable allfit allnetns alloc allow
allowed allows allprobes allsearched almost alone alpine alpn alpnprotocols already also alt alternate
alternate-screen.ts although altname altogether altsvc always ambiguous amd among amp an anchor and anderen anew
anmeldeseite announce announced anonymous another anotheranswered anotherresolves answer answered answeredlater
answering answerms answers answersby answersfor answersitself answersothers answerssyn answerto any anybody anycast
anyconnect anyhow anything anyway anywhere ao apache apart api apos app apparmor append appends appgate apple
application applied applies applocker apply applying apr apt apt.conf apt.conf.d aptitude aquantia arch are area
args argument argumentlist argv aria arm armor around arp arpa arptable array arrival arrivals arrive arrived
arrives arrows as ascii asciijson asix ask askall asked askfirst asking asks askservers asreported asroot assigned
assigns astray async at atheros atleast atms atns atonce atproxy attach attached attarget attempt attempted attempts
attribute attributemax attributes aufl aufwachen aug auth authentic authenticate authentication
authenticationexception authenticationmethod authority authorityknown authorization authorized auto autoconfigurl
autodetect autoinstall automatic automatically automaticmetric automount autoproxy autossh auxdata available avast
aventail average avg avoid await awaited awaiting awaitrecovery away azure back background backlog backoff backup
bad badge balanced balancedlimits balancers banner bar barracuda bars base bash bashrc basic basis basw batch bavast
bavg bb bbdndis bc bcast bdaddr bdead bdev bdnat bdport be beat bec became because been before beforeoutbound
beforettl began begin beginconnect beginning begins begun behalf behavior behind behindhost behindstub being belong
belongs below berschreitung beset beside besides best bestms better between bexpires beyond beyondanswers beyondhost
beyondnat beyondttl bf bfe bfwmark bg bhttps big bigger bigs biif bin binary bind binding bindings binet binfmt
binfmt.d binfmts binspect bintel bip bipproto bit bitdefender bitwise bklim black blackhole blame blanks bleibt
blocation block blocked blocks bluestacks bluetooth bmetric bmfe bmtu bnat bnorton board body bond bool boolean boot
border both bothanswered bothlost bothunknown bottom bound boundaries boundto box bpf br branch branches break
breaks breason bresolve bricht bridge bridged bridgemtu brings broadband broadcast broadcom broke broken
brokennetwork brought browser browsers bsep bshow bsrc btable btap btcp btf btm bto btun bucket budget budgetseconds
buff buffer buffersize bug build building built bundle burst busy but bvfp bvia bvpn bwarp bweight bwfp bwsl by bye
bykey bypass bysize byte byteorder bytes bytesacked bytesread bytesreceived ca ca-bundle.crt ca-bundle.pem
ca-certificates.crt cable cache cached cachedpmtu caches cachesabove cachesnothing cafile call called calls came
cameback can cancel canceled cancelled cancelsignal candidate candidates candraw cannot canonical cap capa
capabilities capability caption captive capture captured captures capturing carbon card cards carried carrier
carries carriesless carry cascadia case cast cat catch category categoryinfo cause causes cb cbc cc cd cert cert.pem
certain certificate certificates certs cf cfg cgroup ch chacha chain change changed changes channel char characters
charset chart chattr chcp chcp.com check checked checks checksum checksums child childitem children choice chooses
chosen chroot cidr cipher cisco citrix cjk claim claims clamp clamped class classdef clean clear cleared clearly cli
client clienthello clients clip clip.exe clipboard clixml clock clocks clone close closed closely closes cloudflare
cls cmatch cmdline cmp cn cname cni code codepage col cold collapse collect collect-elevated.ps1 collect.ps1
collected collectedat collectedby collections collector color colours columns com come comes comesabout comesfirst
comm comma command commandlines commands comment common comodo company compare compared compares comparison
competitor compile compile-cache.ts compiled compiler complaint complete completed completion completion.ts
completions completionscript component componentid components compress compute computed computer computes conclude
concluded concludes conclusion conclusioncame conclusiontried concurrency condition conf conf.d confidence
confidentiality config config.toml config.ts configuration configured configuredoptions configures confirms conflict
congestion connect connectaddress connectanswered connectasync connectattributes connected connectid connecting
connection connectionrefused connections connectionstate connectionstatus connectms connectnames connector
connectorpresent connectport connects connectslater connectstream connecttried connlimit conntrack consent consolas
consomme const constprop constrained constrainedlanguage consumed consumer contact container containerenv containers
contains containskey content contents context continue contradict contradicted control controls controlsize
conversation convert convertfrom convertto cookie cookieof cookies copied copies copy copyagain copying copynone
core corporate correct corrupted corruption cortex cost costms costs could count countdrops counted countednone
counter countercheck counterrose counters counting country counts covers cpu crawl crawling creat create
createconnection created createfail creator credential credentials cron cross crossed crossedadapters crossedmtu
crowds crowdstrike crt crypto cs cscotun csum ct ctr ctrl cure cures curl curl.exe curr current currentversion
cursor curve cut cuthere cuts cutshort cwd cwr cylance da daemon daemon.json damaged dangling dark dasharray data
database datagram datagramanswered datagrams datagramtried date dates datetime dauert day days db dccp dco dd dead
deadaddresses deal dealanew deals debian debug dec decide decided decidedat decidedby decides decisive decoration
decrypt decryption def default default.target defaultending defaultinbound defaultoutbound defaults defer defrag
degraded del delay delayed delegation delete deleted deleteroute deleterule delimited deliver delivered delivers
delta demux denial denied deny depend dependency depends dependson deprecated deps depth des description desktop
dest destination destinationaddress destinationport destinationprefix destroy destroyed destruct detach detached
detail details detect detectors dev deviation deviationms device devicemtu devices devicesent devolution df dh dhcp
dhcpcd dhcpcd.service diagnose diagnosed diagnoses diagnosis diagnosis.ts diagnosisof diagnostic diagnostics dial
dictionary did die diff diff.ts differ different differential differentialcauses differently differs diffie dig
digest digital dir direct directaccessdnsservers directattempt direction directions directly directory directworks
disable disabled disabledcomponents disablerule disables disagree disappear discard discards discipline disconnect
disconnected discover discovery disk display displayname dist distance distinguish distinguishes distribution distro
distroreaches distros distrotunnel div dl dll dlopen dmesg dns dnscache dnschecks dnsclient dnsfacts dnsname
dnsraces dnsservers dnssuffix dnssuffixes dnstunneling do docker dockerenv docs doctor doctor.ts doctype does doing
domain domains done dont dontfragment dormant double doubles dovecot down download downloads dport drain drained
draw drive driver driverdate driverdescription drivermtu drivers driverversion drives drop dropped droppedhere drops
dropslines dropsseen drvfs ds dsfield dst dt duck duckdb due dumb dummy dump dup duplicate duration durationms
during dynamic dynamicport e2big ea eacces each eaddrgetnetworkparams eaddrinuse eaddrnotavail eaef eafnosupport
eagain eai ealready early eaten eatenbytes ebadf ebadfamily ebadflags ebadhints ebadmsg ebadname ebadquery ebadresp
ebadstr ebpf ebt ebtable ebusy ecanceled ecancelled ecdh ecdhcurve ecdsa ece eceff echild echo echoes ecmp ecn
ecnchecks ecnfacts econnaborted econnrefused econnreset ed edeadlk edestaddrreq edestruction edge edit edns
ednsbytes ednsdropped ednsversion edom edquot ee eef eexist ef efault efbig effect effective effectivemetric effort
efile eformerr egress ehlo ehostdown ehostunreach eidrm eilseq einprogress eintr einval eio eisconn eisdir either
elapsed elapsedms elem elevated eloadiphlpapi eloop else elseif elsewhere em embryonic emfile emit emlink empty
emptysegments emsgsize emultihop en enable enabled enametoolong encode encoded encodedcommand encoding encrypted
encryption end endconnect endearly ended ending endms endpoint endpoints endport endregion ends enetdown enetreset
enetunreach enfile engine english enlarge enobufs enodata enodev enoent enoexec enolck enolink enomem enomsg enoname
enoprotoopt enospc enosr enostr enosys enotconn enotdir enotempty enotfound enotimp enotinitialized enotsock enotsup
enotty enough enqueue entries entriesleft entry env env.ts environment environmentfiles envoy enxio eof eopnotsupp
eoverflow eperm epfw ephemeral epipe eproto eprotonosupport eprototype eq equal equally equalresults equiv erange
erefused erofs err errno error erroraction errorjson errorqueue errors errqueue errs erv es esac eservfail eset
esmtp esp espipe esrch estab established estale estimate etc eth ethernet ethernetcsmacd ethtool etime etimedout
etimeout etm etxtbsy euc even event event.name eventfd events eventslost ever every everybody everyms everything
evicts evidence ewouldblock exact example example.com example.org examples exceeded except exception exchange
exchanging excl excluded excludedportrange excludes exclusive exdev exe exec execa execpath execstart execute
execution executioncontext executionpolicy exhaustion exim exist existing exists exit exitcode exited exitverdict
expand expect expectation expected experimental experimental.dnstunneling experimental.hostaddressloopback
experimental.ignoredports experimental.networkingmode expire expired expires expiring explain explain.ts explainrun
explains explanation explanationin explicit export exporter exporters exportfile expr expressions expressvpn ext
extended extendedrcode extension extensionat extensions external externalipinterfaceaddressprefix exthdr extra
extras fa face face.ts faceof faces facts fail failed failing fails failsat failstoo failure failures fall fallback
false family far fare farthest fast faster fastest fastestms fastly fatal fault faulted faultfrom faulthere faults
faultto fc fd fde fdeae fds fe feat feature feb fec fedora feff fell felt fentry fetch few fewer ff ffa ffe fff fffd
fffe ffff ffffff fi fib field fields figures file files fill fills film filter filterdrops filtered filterhashtable
filterid filterkey filters fin final finally find findholder finding findings findit findprogram findrule finds
findsetting findsymbol fingerprint finish finished finishes finreceived fire fired fires firewall firewallprofiles
firewallrules firewalls firezone first first.ndjson firstat firstconnects firstline firstms firstrouter firstversion
fish fit fits fitted fix fix.ts fixed fixes fixhere flag flags flannel flex flight flow flowchart flowkey flowlabel
flowprobes flows flush flushed flushleft fmask focus folder folders follow followed following follows followup font
footer for forbidden forbids force forced forcepoint forcibly foreach foreign forest forged forgery forgeryof forget
forgotten form format formerr forms forti forticlient forw forward forwarded forwardedttl forwarding forwards
forwdatagrams fou found founddatagram foundnobody foundservice four fouronly fr frag fragment fragmentation
fragmented fragmentoffset fragments fragmentsize fragmentsizes frames free freezes fresh fri from fromms fromttl
front fs fse ftnt ftp full fulllanguage fullsize fully function functions further fwmark gai gai.conf gap gapms
gateway gateways gave gb gbe gbk gcm ge geht general generate generated generatehosts generateresolvconf generator
generic geneve get getaddrinfo getent geteuid getifaddrs gets getsockname getsockopt getsthrough getstream gettime
gettype getuid gid gigabit git gitconfig github github.com give give-up.ts given gives glasswire glibc global
globalprotect globalsecureaccesstunnelingservice gms gmt go goal godebug goes goeson gone good goon got gpd grade
gre greeting grep grid gro group groups grpc grpc-exporters.ts gso gt guard guess guessed guest guestaddress
guestcards guestpath guests guestview gunzip gunzipsync gwbridge gzip had half halfopen hamachi hand handle handler
handover handshake handshakes hang hang.html hangline hangs happen happens hardly hardware hardwareinterface has
hasaddress hasbegun hascard hasdefault hasfound hash hasholes hashtable hasipv hasport hasreplied hasroom hasroute
hasservice hassystemd hastemporality hasupstream have hdr hdrlen head header headers headings healthy heard heed
height held heldback hellman hello hellos help helped helper helper.ps1 helper.ts helperof helps here here.ts hex
hibernat hibernate hidden hide hides high hint his histfile history hkcu hklm hmac hns hnsnetwork hnsnetworks
hochladen hold holdacks holder holds hole holes home hook hooks hop hop-names.started hoplimit hopnames hopprobes
hops hopscame hopsof hopsprove hopstried host host.json hostaddresses hostcounters hostdown hostdrops hostfacts
hostkeys hostname hostonly hostprober hostprobes hostproxy hostread hostroutes hosts hostservers hostsilent
hostsnapshot hostunknown hostunreachable hotel hour hours how however href html http http-exporters.ts http.proxy
https httptried hung hungin hup hurts hwclock hyper hyperv hypervfirewalls hypervrules ibm icm icmp
icmp6inpkttoobigs icmpcode icmps icmpsent icmptype icmpv id identifier idgenerator idle ids ieee if ifalias ifb
ifindex ifmetric ifname iftype ifupdown igmp ignorable ignore ignored ignoredports ignoreport ignores ignoreslocal
ii iif iis ikeext ikev illegal im imap imaps img immediate immutable in inaddrerrors inall inbound inboundfacts
inboundlimit inbox incidents include included includehidden incoming incomplete inconclusive incorrect indelivers
index indextoname indiscards inet inferred info infolder inforce information infront ing ingress inhdr inherit
inherited init initial inline inner innerexception innetns innoroutes inode input input-file.ts inputformat
inputobject inreceives ins inside inspect inspectinstallation inspection install install.md installation
installation.ts installed instance instanceid instances instead instructions insufficient int intact inter
interactive intercepted interface interfacealias interfacedescription interfaceindex interfacemetric interfacename
interfaces interfacetype interfaceup interim interimtext intermediate internal internalipinterfaceaddressprefix
internalprefix internet internetwork internetworkv interop interop.appendwindowspath interop.enabled interpret
interpreter interrupted interval intervalms intime into intranet inturn inum invain invalid invalidanyway invalidate
inverted invited invoke invpn io iovec ip ip6inaddrerrors ip6indelivers ip6inhdrerrors ip6innoroutes ip6inreceives
ip6inunknownprotos ip6outforwdatagrams ip6t ip6table ipaddress ipaddresses ipaddresstostring ipconfig ipconfig.exe
ipext iphdr iphlpsvc ipinterfaces iplinks ipproto ipprotocol iproute ipsec ipt iptable iptables ipv ipv4address
ipv4enabled ipv4fails ipv6address ipv6disabled ipv6enabled is isahead isannounced isasked isatap isbeside isbroken
isc iscanceled iscompleted iscopied isdecided isdenied isexact isfaulted isforeign isforwarded isheld ishere isidle
islasting islonger islost ismany isnumber isoff isoffered isopen isover isoverdue ispadded ispipelined isra
isrepeated isreset isroot isset issettled isshared isshown issue issued issuer issuerfingerprint istarget isthere
istunnel isup isvpn iswatching iswhole iswsl it item itemproperty itemtype its itself ivanti jan jis jitter jitterms
join journal journal.json journal.ndjson journal.ts js json json.ts jsonl jsonreports jsonschema judge judged jul
jumbo jump jun juniper just kali kallsyms kaspersky kb kbit keep keepalive keepbytes keepfile keepright keeprun
keeps kein keine kept kernel kerneldropped kernelflow kernelproves kernels kernelstages kerneltried kex kexinit key
keybytes keyfile keys keyvalues kfree kill killed killer killsignal killswitch kind kindbecause kinds km know known
knows koffi koffiproblem koromix kr ktime l2tp lab lab-host.js lab-windows.js lab.ts labclean label labelledby
labels laberror labhost lablines lablist labrun labshell labwindows lacks ladder lan lane lang langsame langsamer
language language.ts languagemode languageof languages languages.ts laptop large largebytes largelost largepass
larger largesent largest largestfragment largestttl last last-run.ts last.json last.ndjson lastat lasted
lastexitcode lastfrom lasting lastms lastresort lastresume lastrun lasts lastsms lastttl late later latest latin
layer layout lc ld le lead leads leaf learn learns least leave leaveout leaves leaving left leftms leftout len
length lengthbytes lengthms less let letin lets level li li.bad li.good li.told lib libc libcasked libclookups
library libssh libssh.org licence licenceat lid lie lies light lightway like likely limit limited limitlink limitms
limits limitvpn line lines linesof link linkdown linklocal linkmtu links linkspeed linux list listdirectory listed
listen listenaddress listendrops listened listener listeners listenerunknown listening listenms listenoverflows
listenport listens listenuntil lists lite literal literalpath little live lived llm llmnr ln lo load loaded loads
local localaddress localaddresses localaddrv localhost localhostforwarding locality locallistener locally localnet
localport localports location locationof lock lockdown locked locker log logat logged logical login loglevel logname
logo logon logout logs long longer longerprefix longest look looked looking looks lookup lookups loop loopback
loopbackenabled loopbacktarget loose loosen lose loses loss losscame losses lossexplains lossproves lossrate
losstried lossy lost lostanswer low lower loweradapter lowerdir lowerlayerdown lowerlink lowlatency ls lsattr lsh
lso lt ltnp lwf lxc lxd lxss lxssmanager mac macaddress machine machines made magic main make maker makereport
makers makes malformed man manager mangle manual many map mapcreate maps mar margin mark markdown marked marker
markof marks martian marvell mask masks match matches matching matter matters max maxbuffer maxbytes maxevents
maxhops maximum maxms maxseg maxstartups may mb mc mcafee mcast md mdns mean meaning meanms means meanwhile measure
measured measuredloss measurement measures measuring media mediatek mediatype medium meet megabytes mellanox mem
memalloc member memfd memlock memory memoryfile mend mended mendedby menlo merge mermaid message messages met meta
method metric metrics mib micro microsoft middle middlebox millis milliseconds min minimum miniport minmax minms
minttl minute minutes mirror mirrored mirroring mirrors misc mismatch misrouted misroutedreplies miss missed missing
missingbytes missinghooks mit mixed mixes mkdir mmap mngtmpaddr mnt mobile mode modebasis modes modeunknown module
mon monitor mono monospace monotonic monotonicms more morefragments mosh most mostbytes mount mounted mountpoint
mounts move moved movedinfo movedms movedsince movement moves mpls mpssvc ms msftconnecttest msg mss mt mtu mtus
mtusize much mullvad multi multi-user.target multi-user.target.wants multicast multipath multiple musl must mutable
mute mutefacts my mysql mz name named nameencoding namensaufl nameof namequery names namesalone nameserver
nameservers namespace namespaces namesservers napi narrow narrows nat native natnetwork nats nauto nautoproxy nav
nbest ncommand ncp nd nd_net.net ndis ndisc ndjson ndns ndnstunneling ndots ne near nearer nearly need needed needs
negative negativeanswers negotiate negotiated negotiation neigh neighbor neighbour neighbouranswers neighbours
neither net net.core.netdev_max_backlog net.ipv4.conf.all.rp_filter net.ipv4.ip_local_port_range
net.ipv4.ping_group_range net.ipv4.tcp_ecn net.ipv4.tcp_mem net.ipv4.tcp_sack net.ipv4.tcp_timestamps
net.ipv4.tcp_window_scaling net.ipv6.conf net.ipv6.conf.all.disable_ipv6 net.netfilter.nf_conntrack_max netadapter
netadapterlso netbird netdev netevents netextender netfilter netfirewallhypervrule netif netlimiter netlink netnat
netneighbor netns netnsname netroute netsh netsh.exe netskope netstat network network.generateresolvconf
network.target networkat networkcarries networkd networkdown networkheader networkinformation networking
networking.service networkingmode networkmanager networks networkunreachable netz neuralegion never new newer newest
newfile newline next nextattempt nextcookie nexthop nexthops nextmark nf nft nft-counters.ts nftables ngen ngenerate
ngeneratehosts nginx ngt nhost nhttps ni nic nice nicht nics nignored nignoredports nistp nl nlmtu nname nnetworking
nnetworkingmode no no-libc.ts noaaaa noaddress noanswer noarp nobody nobodyanswers nobodylistens nobodythere
nobridge nocertificate noconnection nodad nodata node nodejs nodejs.org noerror noexec nofault nogateway nohello
nohop noipv nolimit nolink nolistener nologo nomem non none noneanswered nonebound nonecached noneconnects
nonedecides nonedisabled noneelse nonefailed nonefails noneighbour noneighbours nonemissing noneneeded noneoverlaps
nonequick nonerefuses noneshared nonesilent nonesmall nonetried noninteractive nonrpt noother noports noprefixroute
noprobe noprofile noproto noproxy noquery nor norange nord nordlynx nordvpn noredact norepeat noreply noreset normal
noroom noroute norouter noroutes norow norule noserver noservice nosettings nosnapshot nostall nostub noswitch not
notaccepted notasked notchecked notcompared notconfigured notconnected notcontains notcopied notcounted notdenied
note notenabled notended notepad notes notfirst notfollowed notforwarded notfound notfree nothere nothing
nothingalive nothinganswers nothingbehind nothingbeside nothingbeyond nothingconnected nothingforeign nothingtried
notice notices notification notified notify notimp notlike notloopback notls notmanual notmatch notmeasured
notmirrored notnat noto notobservable notoffered notpresent notprobed notqueried notread notrefused notseen notsent
notset notshared notshort notshown notsilent notsince notstopped nottried notunderstood notunnel notwindows notwsl
noupload nov novpn now nowhere nowheresilent nowms nowrap npcap npm nrpt nrptpolicies nrptrules ns ns.inum nsenter
nsswitch nsswitch.conf nt ntp nul null number numberat numbered numberofports numbers numeric numgen nums nunmanaged
nxdomain object objref objs observable observe observed oct of ofdev off offender offer offered offers office
offline offload offloads offset offsets ofo ofomerge ofrequests ofsock often ofvpn ofwindows oif ok ol ol.trace old
older oldsnapshot on once ondiagnosis one oneaddress oneflow oneport onereplies oneresolves ones oneshot onetype
onevent onfailure onfix onhang onlink only onlyhost onlyonce onlywaited onmessage onpress onrecord oo ooo oops open
openbuilding openbytes openconnect opened openfile openflow openflows openport openqueries openrounds opens opensdns
openssh openssh.com openssl opensuse opentable openvpn openziti operation operational operator operstate opt option
optional optionkinds options opts or order ordered ordereddictionary ordinary org organisation organization origin
original originalbytes originalttl orphans os os.type osc osf osrelease otel other otheraddress otheranswered
othercard otherfamily otherfilter otherhost othermaker othermode othername othernetwork otherport otherports
otherproxy otherranges others othersanswer othersanswered othersdisagree otherservers othersize otherslost otherway
otherwise otlp our ours out outbound outboundfacts outboundlimit outcome outdiscards outer outeradapter outfile
outgoing outline outnoroutes output outputformat outrequests outs outside outsideunknown outtransmits outward over
overdue overflow overflows overlap overlaps overlay overlimit overnight override oversize overwindow ovpn own
ownaddresses owndrops owner ownerror ownerunknown ownfirewall ownlistener ownnetns ownresolves ownsilent ownswitch
p.exitcode pac pace pack package packet packetbytes packets packetssent packettools packettype pad padbytes padded
padding page paint pair pangp parallels param parameter parameters parent parquet parse parsed parsenft parsing part
partial partly parts party pass passed passedbytes passes passing passive passthem passthru passwd password past
paste path path-output.ts path-watch.ts pathfollowed pathloses pathmtu paths patience patiencems patrol pause paused
paws payload payloadbytes pcap pcap-output.ts pcapfile pcapng pcapoutput pcie peek peer peers pem pending per
perfmon perform performed perhaps perimeter period permission permissiondenied permitted persecond persist
persistent pf pgrep phase phone phrases physical picture pid piece piecebytes ping ping.exe pingoptions pip pipe
pipeline pipelined pipelining pipes pki pkt pktmon pktmon.exe pktmon.ts pkts place placeholders places plain plan
planfix platform play playing please plugin pluginauth pmtu pmtubh po podman point pointanew pointer pointers points
pointsto policies policy policyrules policystore poll poly pool pools pop pop3s port portal portorigin portproxy
ports porttracker position possible post postfix postgre postgres postgresql power powercfg powershell
powershell.exe pp ppp pppoe pq prctl pre preauth precedence pref prefer preference preferipv preferother preferred
prefers prefilter prefix prefixes prefixlen prefixlength prefixorigin prefsrc present press pressure previous prime
prime256v1 print printed printf printreports prints priority private privilege privileged privileged-helper.js
privileges probe probed prober probers probes probesto probing problem problems proc process processes processor
processors product profile profile.d profiles prog program programat programconnections programproxies programs
programsummary progress progressms progresspreference prohibit prohibited promise prompt proof prop propagation
properties property proposed propvirtual protect proto protobuf protocol protocols proton protos prove proved proven
proves provided provider providername proxied proxies proxy proxyanswers proxyattempt proxycommand proxyenable
proxyjump proxynamed proxyoverride proxyproves proxyserver proxytried prune ps psec pseudo pseudonyms psobject
pspath pt ptr public publicbytes publish published published.ts pull pulse purge purpose push put puts pv pwsh
pwsh.exe px python qdisc qemu ql qrs qualcomm qualified quantum quarter queried queries query querypolicy question
questions queue queued queuefull queues quic quick quickcheck quickest quickestms quickly quickms quicktimeout quiet
quit quot quota quote quoted quotedbytes race races radius raise raisememlock ralink ran random range ranges rank
rarely ras rasman rate ratelimit raw rawv rcode rcu rcv rcvbuff rcvmss rdonly re reach reachable reachablefrom
reached reachedttl reaches reachfacts reachsilent reachtried read readable readbytes readcounters reader readers
readhost reading readinput readjournal readlink readneighbour readpage readreport reads readscript readsettings
readstate readtext readtimeouterror ready real realaddress realtek realtime realtimens reasm reason reasonreported
reasons reassembly rebuild rebuilt receive received receivedbytes receiver receives receiving recent rechner
recognised recognises reconnects record recorded recorder recordfile recording recordings recover recovered recovers
recovery recreates rect recursive recv recverr recvfragsize recvmsg recvttl redact redact.ts redacted redactevents
redaction redactor redactsnapshot redacttarget redirect redirected reference refresh refs refusal refusals refuse
refused refusedby refuses regardless region register registered registry regression reject rejected rejects
rejectunauthorized related relation relationof relationunknown relay release rem remote remoteaddress
remoteaddresses remoteaddrv remoteport remoteports remove removed removeflow renew renewnetwork renewrule reopen
repaired repairs repeat repeated repeatedly repeatedms repeats repetition replace replaced replay replay.ts
replayhint replays replied replies repliesarrive repliesastray reply replyttl report report.html report.md report.ts
reported reportfile reportof reports reporttools repository repro req request requested requests required requires
reserve reserved reset resets resolution resolv resolv.conf resolvconf resolve resolve.decided resolve.silent
resolvectl resolved resolved.conf.d resolveproves resolver resolverconfig resolverfile resolverpath resolverreach
resolvers resolves resolvetried resort resource resourcemetrics resources respond responded response responses rest
restart restarted restarts restartservice restartwindows restore restored result results resume resumed resumedat
resumes ret retrace retrans retransmission retransmit retransmits retransmitted retried retry return returned
returns reverse reversefiltered revert revoked rewrites rewritten rfc right rightaddress rightsource ring ringbuf
ringbytes rise rm rmdir rmem role room root rootless roots rose rotate rotates round rounds roundtrips route
route.exe routed routemetric routemtu routeproves router routers routersanswer routershidden routes routetable
routetried routine routines routing row rows rows.ndjson rp rpc rpfilter rs rsa rsh rst rsts rsync rt rto rtt rttms
rtx ruhezustand rule ruled ruledout rulepriority rules ruleset rulesout run run-files.ts run-table.ts run.ndjson
run.ts runas runelevated runfiles rung rungs runinherited running runs runs.parquet runtime rv rx sack sackblocks
sacked sackpermitted said same sameaddress sameaddresses samemask sameports sameprefix sameproxy sample samples
samplesms sandbox sangfor sans sat save saved savefile saw say says sbin sc scale scaling scenario scenarios
schannel sched schema schemas scheme scope score scp screen screen-tools.ts script scripts scroll sctp se search
searched searchpath searchtoo sec second seconds secp secp384r1 secret section secure secureconnect secureconnection
securecontext secured security securityfs sed see seedriver seeerror seefilters seeforwarding seehere seelistener
seelisteners seem seemtus seen seenrewrites seeproof sees segment segmentloss segments segmentsin segmentsout segoe
segs segsout select selection selective selector selects self selinux semicolon send send.ts sendecho sender senders
sendersnotified sending sendline sendmail sendmsg sendnotice sends sendsnothing sendtelemetry sendto sense sent
sentbytes sentinelone sentms sentns sep separate separated separator seq sequence serif serve served serveddata
servedhere server server.address server.port serveraddress serveraddresses servername serverreported servers
serversaid serves servfail service service.instance.id service.name service.version serviceabsent servicealone
servicearrivals servicearrives serviceattempts servicecomes servicecount servicedropped servicefacts serviceheld
servicename serviceof services serviceunclear serviceunread session sessionstate set setclock setegid seteuid setgid
setgroups sets setsockopt setting settings settingsunread settle settled setuid setup several severalways severities
severity severitynumber severitytext sf sftp sh sha shape share shareable shareable.ts shared sharedaccess shares
shell shells shift short shorten shortened shorter should show show-lines.tsx show.tsx showed showlines shown
showrules shows showsnapshots showsrouters shrew shut shutdown sibling siblings side sides sig sigabrt sight sighup
sigint sigkill sign signal signals signature signed signs sigpipe sigquit sigsegv sigterm sigusr silence
silencecheck silences silent silentaddress silentfor silently silentlycontinue silentms silentproxy silentturns
simplewall since sincems sincens single singlerequest sink site sites sits six size sizebytes sizecame sized
sizeflows sizepasses sizeproves sizes sizesmixed sizesstalled sizesunknown sizetried sizeunknown sizing sk skb
skbuff skc skc_net.net skew skip skipped sleep slept slips slow slower slowest slowestms slowly slowms small
smallbytes smaller smalleranswered smallerpass smallersegments smallest smallestbytes smallhello smallsegments smhd
smp smtp smtps snapshot snapshotfile snapshots snapshotsource snd sndmss snmp sntrup sntrup761x25519 so sock socket
socketpair sockets sockfs socks socks4a socks5h sofar soft softether softnet softnetdropped software
softwareloopback solid some somebody something somewhere sonic sonicwall sophos sort source sourcefor sourcelist
sourceport sourceports sources sources.list sources.list.d space span spanprocessors spans spare spares spawn speak
speaks special specialized specific specified speed spelled spent spentms spite spkt split splittunneling spoken
sport spread spurious sql squares squid src ss ssh ssl sslprotocol sslstream sslv stack stage stagecame stageinfo
stageproves stages stagestatuses stale stall stalled stallms stalls stand standard standby stands stars start
started startedat startedms starthelper starting startms startport starts startspan startsweep starttime starttls
starttype startup startups startuptype stat state statement stateof states static station statistics status statuses
stay stayopen stays staysinside stderr stdev stdin stdio stdout steals steered steers step steps stepsdown stepsms
still stls stop stopped stops storage store stormshield stream strict string strip stroke strongswan struct stub
stubreported stuck stun style sub subinterface subject submit subnet subnets succeeded success successful succession
such sudo sudo-user.ts sudoedit sudouser suffix suffixes suffixorigin suffixsearchlist suggest summary summary.ts
summaryof summed sun sung supplied support supported suppress surfshark suse suspect suspects suspectsportal suspend
suspended svc svg sweep switch switched switchedoff switchedon switches switchextensions switchname switchoff
switchon switchprefix sy symantec symbol symbols symptom syn synack sync synpassed syns synthetic sys syscall sysctl
sysctl.conf sysctl.d sysfs syslog system systemctl systemd systemroot tabindex table tables tabular tag tail
tailscale take takeall takeerror takeline taken takeout takerepeats takes talk talked talking tap target
targetaddress targetanswered targetanswers targetinside targetobject targetreached targets targetsyns task tb tbody
tc tcp tcp.chosen tcp.clear tcp.decided tcp.started tcpanswered tcpclient tcpext tcpflags tcpflows tcphdr tcpip
tcplisteners tcpmss tcpofo tcpofodrop tcpport tcprcvqdrop tcpreplies tcpreqqfulldrop tcpsettings td td.number team
tee teefer telemetry telemetry.ts telemetryof tell tells template temporality temporalitypreference temporarily
temporary ten teredo term terminal terminated test tested text text-in.ts text-trace.ts text-watch-summary.ts
text.bad text.good text.open text.told textin texts th than that the thead their theirs them theme themselves then
there these they thing things this those though thread threads three through throughproxy throw thru thu tick tier
ties time timecreated timed timedatectl timedout timeexceeded timens timeout timeoutmillis timeoutms timeoutseconds
timer times timestamp timestampns timestamps timestamptz timewait tinywall title tls tlskyber tlsmlkem tlstried tlsv
tmp tmpdir tmpfs tmux to toaddress today together token told toml tone too took tookms tool toolarge tools top
topology toport tos tostring total totalbytes totalmilliseconds totalretrans totalseconds totop tottl touch tov
towards tp tpacket tr trace traced traceerror tracefs tracepoint tracepoints traceroute traces tracing track tracked
tracker tracking tracks traffic trafficclass transfer transferbytes transferfacts transfers transform transient
transition translate translated translates translation transmits transmitted transport trap treat treats trellix
trend trials trie tried tries trim trip trips troubleshooter true truncated truncatedpkts trust trusted try tryagain
trying ts tso tsx tt ttl ttlexpired ttls tue tun tunnel tunneling tunnelling tunneltype turn turns tw twice twingate
two tx txt type typed types u00bb u00bf u00ef u00fe u00ff uac ubr ubuntu ucast udp udpflows udphops udplite ufeff
uff uffef ufffd ufffe ui uid uidrange uint ul ulimit umount unable unacked unacknowledged uname unanswered
unassigned unauthorized unavail unavailable uncached uncaught uncaughtexception unclear undelivered under understand
understood undo undoing unexpected unfinished unhandled unicast unique uniquelocal unit units universal unix unknown
unknownprotos unless unlisted unmanaged unmounted unowned unownedfailure unpack unproven unreachable unread
unreadable unreadablerecording unredacted unrelated unresolved unseen unsent unset unshare unsigned unspecified
unsupported unsure until untildecided untilms untilns untranslated untrusted unusable unused unwatch up update
updated upload uploads upper upseconds upstream upstreamunknown uptime uri url urn us usable usage usb use usealways
used usedbytes usedevolution usehere usemirrored usenat useone user useragent usereserved userpath userprofile users
uservisible uses usevc using usr usual utc utf utf16le util utilconnect utun uv v1ipv4enabled v4tov4 vain valid
validate validation validfrom validto value valuebytes values vanish vanishes vantage vantagefacts var varchar
variable variant varnish vc vector vectors vendor verb verbindung verbose verbunden verdict verdictnow verdicts
verification verified verifier verifies verify verifying version versionat versions versionunknown vertical
verweigert very veth vethernet vfp vi via view viewbox viewport virbr virt virtio virtiofs virtioproxy virtual
virtualbox viscosity visibility visible vlan vm vmcompute vmswitch vmware vmxnet vnet void volume von vpn
vpnconnection vpnconnections vpnto vpnunknown vsdatant vsock vswitch vti vvm vxlan wait waited waitedms waiting
waitms waitone waits wake wakes wall wan wanted wantedby wants wantslogin warn warning warningpreference warp was
watch watched watches watchguard watching way ways waysof we web websense wed weight welcome well went were wfp
wfpdrops wg wget what whatever when where whether which while white who whoami whoami.exe whoever whole wholebytes
whom whose why wi wide wider width wildcard will win window windows windowsanswers windowscale windowscaling
windowsms windowsproves windowsproxy windowsreaches windowsresolves windowssaw windowssilent windowstoo windowstried
windowsunknown windowsversion windscribe winevent winnat wintun wire wireguard wireless wiring wirt with withecn
within without withoutecn withoutstub withreasons withsecure witness wlan wmem woke word words work worked worker
working works world worse worsemetric worst worstms worth would wrap writable write writeerr writeout writes
writetext writing written writtenout wrong wrongly wronly wrote wsaeacces wsl wsl-trace-fix.service
wsl-trace-watch.service wsl-trace.diff wsl-trace.env wsl-trace.fix wsl-trace.host wsl-trace.invalid
wsl-trace.recording wsl-trace.report wsl-trace.summary wsl-trace.watch wsl.conf wsl.exe wsl2.autoproxy
wsl2.dnstunneling wsl2.firewall wsl2.localhostforwarding wsl2.networkingmode wsl2.vmswitch wsl_trace.between
wsl_trace.cause wsl_trace.command wsl_trace.confidence wsl_trace.detail wsl_trace.direction wsl_trace.events
wsl_trace.exact wsl_trace.findings wsl_trace.fix wsl_trace.fix.commands wsl_trace.group wsl_trace.kernel
wsl_trace.loss wsl_trace.networking_mode wsl_trace.packets.sent wsl_trace.packets_sent wsl_trace.pmtu
wsl_trace.pmtu.inbound wsl_trace.pmtu.outbound wsl_trace.program wsl_trace.reason wsl_trace.report
wsl_trace.run.duration wsl_trace.runs wsl_trace.segment wsl_trace.severity wsl_trace.silent wsl_trace.stage
wsl_trace.stage.duration wsl_trace.status wsl_trace.summary wsl_trace.vantage wsl_trace.verdict wsl_trace.version
wsl_trace.vpn wsl_trace.windows.version wsl_trace.wsl.version wslconf wslconfig wslconfigreason wslinfo wslinterop
wslinterop.conf wslkind wslservice wslversion wt ww wwan www www.msftconnecttest.com wx x.md xdp xff xffffffff xfrm
xmit xml xor xt yes yet you youngest youngestms your za zeit zero zerotier zerowindow zertifikat zh zl zlib zone
zonealarm zoneindex zp zscaler zsh zt zx
`
    .trim()
    .split(/\s+/),
);
