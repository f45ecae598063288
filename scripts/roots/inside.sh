# Inside a clean system, as root: installs a form, and runs the main job as whoever is asked for.
# Arguments: form, user, URL of a server. Lines that begin with @@ are for who started it.
form=$1 user=$2 url=$3
now() { date +%s%3N; }
packages() { dpkg-query -W | wc -l; }
useradd --create-home --shell /bin/sh user
export npm_config_update_notifier=false
home=/root
[ "$user" = root ] || home=/home/user
as() {
  if [ "$user" = root ]; then env HOME=/root "$@"; else
    setpriv --reuid user --regid user --init-groups --inh-caps=-all env HOME=/home/user "$@"
  fi
}
own() { [ "$user" = root ] || chown -R user:user "$1"; }
started=$(now) before=$(packages)
installed() {
  echo "@@installed $(($(now) - started))"
  echo "@@debian $(($(packages) - before))"
  started=$(now)
}
size() { echo "@@package $(du -sb "$1" | cut -f1)"; }
ended() {
  code=$?
  echo "@@code $code"
  echo "@@ran $(($(now) - started))"
}
trap ended EXIT
cd "$home"
job="path $url --host-snapshot none --quiet"
case $form in
"one file")
  # Without its execute bit, as a copy through \\wsl$ has it.
  cp /forms/one-file wsl-trace && chmod 644 wsl-trace && own wsl-trace
  as sh ./wsl-trace --version
  installed
  size "$(dirname "$(find / -xdev -name node -path '*/wsl-trace/*')")"
  as sh ./wsl-trace $job
  ;;
tar.gz)
  as tar -xzf /forms/archive.tar.gz
  installed
  size wsl-trace-*
  as ./wsl-trace-*/wsl-trace $job
  ;;
deb)
  apt-get install -y --no-install-recommends /forms/wsl-trace.deb >/tmp/apt 2>&1 || { cat /tmp/apt; exit 1; }
  installed
  size /usr/lib/wsl-trace
  as wsl-trace $job
  ;;
npm)
  if [ "$user" = root ]; then npm install --global --prefix /usr/local /forms/wsl-trace.tgz 2>&1; else
    as npm install --prefix "$home/own" /forms/wsl-trace.tgz 2>&1
  fi
  installed
  tree=$(as npm root --prefix "$home/own") && [ "$user" = user ] || tree=$(npm root --global --prefix /usr/local)
  echo "@@npm $(find "$tree" -name package.json -path '*/node_modules/*' | sed 's|/package.json$||' |
    grep -cE '/node_modules/(@[^/]+/)?[^/@]+$')"
  size "$tree"
  if [ "$user" = root ]; then wsl-trace $job; else cd own && as npx wsl-trace $job; fi
  ;;
clone*|"npm test"*)
  export npm_config_cache=/tmp/npm
  case $form in
  *"one file") part=test/lab/independent-wsl-resolvers.test.ts ;;
  *"unit tests") part="--project unit" ;;
  *) part= ;;
  esac
  cp -r /forms/clone wsl-trace && own wsl-trace && cd wsl-trace
  case $form in
  clone) as npm start >/tmp/out || { cat /tmp/out; exit 1; } ;;
  # Shown as it goes: who waits for it ends what is silent for long.
  "npm test"*) as npm test -- $part ;;
  *)
    # What only root may do, done by root.
    apt-get update >/dev/null && apt-get install -y --no-install-recommends iproute2 nftables ethtool mount >/dev/null 2>&1
    as npm start >/tmp/out || { cat /tmp/out; exit 1; }
    ;;
  esac
  installed
  echo "@@npm $(find node_modules -maxdepth 3 -name package.json | wc -l)"
  # Again: nothing is left to install.
  case $form in "npm test"*) ;; *) as npm start | tail -1 ;; esac
  ;;
esac
