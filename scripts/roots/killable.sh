#!/bin/sh
# Runs what is given, which with "unshare --fork" takes no signal but the last: whatever stops or kills this kills that.
setpriv --pdeathsig KILL "$@" &
child=$!
trap 'kill -KILL $child' TERM INT HUP
wait $child
