#!/bin/sh
one=1
[ ${#one} -eq 1 ] || { echo 'wsl-trace: the ends of lines in this file were changed on the way (CRLF): copy it again, as it is' >&2; exit 3; } #
# wsl-trace @VERSION@ for Linux on @MACHINE@: this script, and behind it a gzip tar with the program and the Node that runs it.
# Started the first time, it unpacks itself into a cache folder; afterwards it only starts what is there.
# It needs no network, no root and no Node, and the execute bit is not needed either: sh ./wsl-trace path github.com

id=@ID@ inside=@INSIDE@ tail_bytes=@BYTES@ head_bytes=@HEAD@

# 3, as everywhere in wsl-trace: it could not measure, and says why.
fail() {
  printf 'wsl-trace: %s\n' "$1" >&2
  exit 3
}

# A folder that nobody else can have put there or write to. All of it is built into the shell, but for ls.
is_own() {
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] || return 1
  case $(ls -ldn "$1") in
    d????w* | d???????w*) return 1 ;;
  esac
}

make_own() {
  (umask 077 && mkdir -p "$1") 2>/dev/null
  is_own "$1"
}

# Where it is unpacked. Root's is root's own, whatever HOME sudo has left.
find_folder() {
  if [ -n "${WSL_TRACE_CACHE:-}" ]; then
    base=$WSL_TRACE_CACHE
  elif [ -O / ]; then
    base=/var/cache/wsl-trace
  else
    base=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/wsl-trace
  fi
  folder=$base/$id
}

# Where the usual one cannot be made: a folder for temporary files, under a name that no two users share.
other_folder() {
  for temporary in "${TMPDIR:-/tmp}" /tmp; do
    base=$temporary/wsl-trace-$(id -u)
    folder=$base/$id
    make_own "$base" && return
  done
  return 1
}

archive() {
  tail -c +$((head_bytes + 1)) "$0"
}

unpack() {
  [ "$(uname -s)" = Linux ] || fail "this file is for Linux (inside WSL too), and this is $(uname -s)"
  machine=$(uname -m)
  [ "$machine" = @MACHINE@ ] || fail "this file is for @MACHINE@, and this machine is $machine: take the one for it"
  for program in tail tar gzip mv; do
    command -v "$program" >/dev/null || fail "$program is missing, which unpacks it: apt-get install $program"
  done
  bytes=$(wc -c <"$0") || fail "cannot read $0"
  [ $((bytes)) -eq $((head_bytes + tail_bytes)) ] ||
    fail "$0 has $((bytes)) bytes and should have $((head_bytes + tail_bytes)): it was cut off or changed on the way; copy it again"
  make_own "$base" || {
    other_folder || fail "cannot make $base, where nobody else may write: set WSL_TRACE_CACHE to a folder of your own"
  }
  is_own "$folder" && [ -x "$folder/node" ] && return
  # What a start that was killed has left.
  find "$base" -maxdepth 1 -name '.new-*' -mmin +10 -exec rm -rf {} + 2>/dev/null
  # Under a name of its own, then renamed in one step: a second start finds all of it or nothing.
  fresh=$base/.new-$id-$$
  trap 'rm -rf "$fresh"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  (umask 077 && mkdir "$fresh") || fail "cannot make $fresh"
  # gzip alone notices at its end that a byte is another one: tar may have liked all of it.
  if said=$({ { archive | gzip -dc 2>/dev/null || echo @changed >&3; } | tar -xf - -C "$fresh" 2>&1; } 3>&1); then
    case $said in *@changed*) false ;; esac
  else
    false
  fi || {
    archive | gzip -t 2>/dev/null || fail "$0 was changed on the way (SHA256SUMS has what it should be): copy it again"
    fail "it could not be unpacked into $base: is there room for 120 MB (df -h $base)? Another folder: set WSL_TRACE_CACHE. $(printf '%s' "$said" | grep -m 1 ^tar)"
  }
  check_node "$fresh/$inside/node"
  chmod 700 "$fresh/$inside"
  # mv moves into a folder that is there already: then another start was faster, and its work is as good.
  new=new-$$
  mv "$fresh/$inside" "$fresh/$new" && mv "$fresh/$new" "$folder" 2>/dev/null
  rm -rf "${folder:?}/$new"
  [ -x "$folder/node" ] || fail "cannot rename $fresh/$new to $folder"
  rm -rf "$fresh"
  trap - EXIT INT TERM HUP
}

# The loader's own words, and what to do about them.
check_node() {
  said=$("$1" --version 2>&1) && return
  case $said in
    *libstdc++*) fail "libstdc++.so.6 is missing: apt-get install libstdc++6" ;;
    *GLIBC_*) fail "this system's glibc is too old (2.28 is needed): $said" ;;
    *ermission*) fail "programs may not be started from ${1%/*} (mounted noexec?): set WSL_TRACE_CACHE to a folder where they may" ;;
    *ot\ found*) fail "its loader is missing: it needs glibc 2.28 or newer, and musl (Alpine) will not do" ;;
    *) fail "the Node inside does not start: $said" ;;
  esac
}

find_folder
is_own "$folder" && [ -x "$folder/node" ] || unpack
# Options for another Node are not for this one.
unset NODE_OPTIONS
exec "$folder/node" "$folder/dist/cli.js" "$@"
