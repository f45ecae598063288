#!/bin/sh
# The one file for arm64 under qemu-user: every command that sends nothing, and how it ended. In a user namespace of its own, in which
# alone the kernel takes arm64 programs (binfmt_misc is one for each since Linux 6.7), with no network.
# Arguments: arm64 system, the one file, qemu-aarch64-static
set -eu
system=$1 file=$2 qemu=$3
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
printf %s ":wsl-trace:M::$magic:$mask:$qemu:F" >/proc/sys/fs/binfmt_misc/register
commands='for command in --version --help "explain nrpt-only-vpn-dns" "lab list" "schema report" "completion bash" doctor "env --host-snapshot none"; do
  started=$(date +%s%3N) code=0
  sh /tmp/wsl-trace $command >/tmp/out 2>&1 || code=$?
  echo "$command: exit code $code, $(wc -l </tmp/out) lines, $(($(date +%s%3N) - started)) ms"
done'
exec bwrap --bind "$system" / --dev-bind /dev /dev --proc /proc --tmpfs /tmp --ro-bind "$file" /tmp/wsl-trace --unshare-net \
  --die-with-parent --clearenv --setenv PATH /usr/bin:/bin --setenv HOME /tmp sh -c "$commands"
