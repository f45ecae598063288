// The shell script that holds a tracefs instance: it ends, and takes everything away, when its standard input does.

/** Printed when events are on. */
export const READY = "wsl-trace-ready";
/** Written into the trace behind the last event. */
export const END = "wsl-trace-end";

/**
 * Run in a mount namespace of its own: tracefs is mounted where it is missing, as inside `ip netns exec`, and nobody
 * else sees that. $1 is the instance's name. A signal to the terminal's group must not keep it from cleaning up, and
 * when this tool is killed its standard input ends.
 */
const TRACEFS_SCRIPT = `
trap '' INT TERM HUP QUIT
cd /
# Linux 6.12 in lockdown's mode "confidentiality" takes an oops where tracefs is unmounted; there it is empty anyway.
lockdown=/sys/kernel/security/lockdown
if [ ! -f $lockdown ]; then
  for at in /sys/kernel/security /mnt /tmp; do
    mount -t securityfs none $at && lockdown=$at/lockdown && break
  done 2> /dev/null
fi
case $(cat $lockdown 2> /dev/null) in
  *'[confidentiality]'*)
    echo "this kernel is locked down (confidentiality), and then shows no events" >&2
    exit 1
    ;;
esac
# A container may hide the first: in a mount namespace of its own any other folder will do.
for root in /sys/kernel/tracing /mnt /tmp; do
  [ ! -d $root ] || break
done
[ -d $root/events ] || mount -t tracefs none $root || exit 1
# One that a killed script left; who still reads his own keeps it busy, and it stays.
for old in $root/instances/wsl-trace-*; do
  pid=\${old##*/wsl-trace-}
  [ -d /proc/\${pid%-*} ] || rmdir $old 2> /dev/null
done
instance=$root/instances/$1
mkdir $instance || exit 1
event=$instance/events/skb/kfree_skb
reader=
clean() {
  echo 0 > $event/enable
  [ -z "$reader" ] || kill -9 $reader
  wait
  rmdir $instance
}
echo mono > $instance/trace_clock || { clean; exit 1; }
echo 0 > $instance/options/hash-ptr 2> /dev/null
# Numbers differ between kernels; those up to this one give no reason.
none=$(sed -n 's/.*{ \\([0-9]*\\), "NOT_SPECIFIED" }.*/\\1/p' $event/format)
[ -z "$none" ] || echo "reason > $none" > $event/filter 2> /dev/null
cat $instance/trace_pipe &
reader=$!
echo 1 > $event/enable || { clean; exit 1; }
echo ${READY}
if read -r _; then
  echo 0 > $event/enable
  echo ${END} > $instance/trace_marker
  read -r _
fi
clean 2> /dev/null
`;

/** What is started for an instance; its name follows the arguments. */
export const TRACEFS_PROGRAM = {
  file: "unshare",
  args: ["--mount", "--propagation", "private", "sh", "-c", TRACEFS_SCRIPT, "sh"],
  env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
} as const;
