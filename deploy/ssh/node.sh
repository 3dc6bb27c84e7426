#!/usr/bin/env bash
# One node on this host. deploy/ssh/cluster.sh copies this to the hosts, beside the jars, and calls it there; see usage.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
me="node.sh"
# shellcheck source=deploy/local/common.sh
. "$here/common.sh"
# A stop may hand the leadership over first; the node itself gives up after 10 s.
end_tenths_max=300

usage() {
  cat << 'END'
usage: node.sh deploy ID auto|systemd|nohup   takes the files beside it: settings, jar, unit; starts the node, or anew
       node.sh start|stop|remove ID
       node.sh healthy CLUSTER SECONDS        waits for all nodes and a leader
       node.sh status CLUSTER SECONDS         the same, and prints the status table
Under systemd (needs root, or sudo without a password) the node is tenure@ID: /opt/tenure, /etc/tenure, /var/lib/tenure.
Else it is started with nohup, and everything is in the folder of this script.
END
}

# Tests put a folder before all paths that are outside of this one.
prefix="${TENURE_PREFIX:-}"
opt="$prefix/opt/tenure"
etc="$prefix/etc/tenure"
var="$prefix/var/lib/tenure"
unit="$prefix/etc/systemd/system/tenure@.service"

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

has_systemd() { [ -d "$prefix/run/systemd/system" ] && command -v systemctl > /dev/null; }
may_be_root() { [ "$(id -u)" -eq 0 ] || sudo -n true 2> /dev/null; }

find_java() {
  java="java"
  if [ -n "${JAVA_HOME:-}" ]; then java="$JAVA_HOME/bin/java"; fi
  java="$(command -v "$java")" || fail "no java on $(hostname); a JDK of version 17 or newer is needed"
  major="$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)"
  [ "${major:-0}" -ge 17 ] || fail "$java on $(hostname) is of version ${major:-unknown}; 17 or newer is needed"
}

runner_of() { # ID
  [ -f "$here/node$1.runner" ] || fail "node $1 is not installed on $(hostname)"
  cat "$here/node$1.runner"
}

pid_of() { # ID
  if [ -f "$here/node_$1.pid" ]; then cat "$here/node_$1.pid"; fi
}

is_running() { # ID
  if [ "$(runner_of "$1")" = systemd ]; then
    systemctl is-active --quiet "tenure@$1"
  else
    is_node "$(pid_of "$1")" "$1"
  fi
}

client_address() { # ID CONF: where this host reaches the node
  address="$(sed -n "s/^  - {id: $1, .*client: \"\([^\"]*\)\".*/\1/p" "$2")"
  bind="$(sed -n 's/^bindAddress: //p' "$2")"
  case "$bind" in
    '') printf '%s' "$address" ;;
    0.0.0.0) printf '127.0.0.1:%s' "${address##*:}" ;;
    *) printf '%s:%s' "$bind" "${address##*:}" ;;
  esac
}

last_words() { # ID
  if [ "$(runner_of "$1")" = systemd ]; then
    as_root journalctl -u "tenure@$1" -n 15 --no-pager -o cat || true
  else
    tail -n 15 "$here/node_$1.out"
  fi
}

# ---------------------------------------------------------------------------------------------- commands

install_node() { # ID RUNNER
  runner="$2"
  if [ "$runner" = auto ]; then
    runner="nohup"
    if has_systemd && may_be_root; then runner=systemd; fi
  fi
  if [ "$runner" = systemd ]; then
    has_systemd || fail "$(hostname) does not run systemd"
    may_be_root || fail "systemd on $(hostname) needs root, or sudo without a password"
  fi
  if [ -f "$here/node$1.runner" ] && [ "$(runner_of "$1")" != "$runner" ]; then
    fail "node $1 runs with $(runner_of "$1") on $(hostname); remove it before it runs with $runner"
  fi
  find_java
  data="$here/data"
  if [ "$runner" = systemd ]; then data="$var"; fi
  {
    cat "$here/node$1.settings"
    printf 'dataDir: "%s"\n' "$data"
  } > "$here/node$1.yaml.new"
  "$java" -jar "$here/node.jar.new" --conf "$here/node$1.yaml.new" --check > /dev/null
  # Newer JVMs give notice of what Netty and Chronicle use; older ones refuse the flag that silences it.
  jvm="$(cat "$here/jvm_options")"
  if "$java" --sun-misc-unsafe-memory-access=allow -version > /dev/null 2>&1; then
    jvm="$jvm --sun-misc-unsafe-memory-access=allow"
  fi
  printf 'TENURE_JVM=%s\nPATH=%s:/usr/bin:/bin\n' "$jvm" "$(dirname "$java")" > "$here/node$1.env"
  # A running JVM keeps the file that it has open; it would not survive a change of its contents.
  mv -f "$here/node.jar.new" "$here/node.jar"
  mv -f "$here/kv.jar.new" "$here/kv.jar"
  mv -f "$here/node$1.yaml.new" "$here/node$1.yaml"
  if [ "$runner" = systemd ]; then install_unit "$1"; fi
  printf '%s\n' "$runner" > "$here/node$1.runner"
}

install_unit() { # ID
  getent passwd tenure > /dev/null || as_root useradd --system --no-create-home --shell /usr/sbin/nologin tenure
  as_root mkdir -p "$opt" "$etc" "$(dirname "$unit")"
  as_root cp "$here/node.jar" "$opt/node.jar.new"
  as_root chmod 644 "$opt/node.jar.new"
  as_root mv -f "$opt/node.jar.new" "$opt/node.jar"
  for file in "node$1.yaml" "node$1.env"; do
    as_root cp "$here/$file" "$etc/$file"
    as_root chmod 644 "$etc/$file"
  done
  as_root cp "$here/tenure@.service" "$unit"
  as_root chmod 644 "$unit"
  as_root systemctl daemon-reload
}

start_node() { # ID
  is_running "$1" && {
    say "node $1 runs already"
    return
  }
  if [ "$(runner_of "$1")" = systemd ]; then
    as_root systemctl reset-failed "tenure@$1" 2> /dev/null || true # unless it has never failed
    as_root systemctl enable --now "tenure@$1" || {
      last_words "$1" >&2
      fail "node $1 did not start on $(hostname)"
    }
  else
    find_java
    read -r -a jvm <<< "$(sed -n 's/^TENURE_JVM=//p' "$here/node$1.env")"
    nohup "$java" ${jvm[@]+"${jvm[@]}"} -jar "$here/node.jar" --conf "$here/node$1.yaml" < /dev/null > "$here/node_$1.out" 2>&1 &
    printf '%s\n' "$!" > "$here/node_$1.pid"
  fi
  address="$(client_address "$1" "$here/node$1.yaml")"
  deadline=$((SECONDS + 60))
  until (exec 3<> "/dev/tcp/${address%:*}/${address##*:}") 2> /dev/null; do
    is_running "$1" || {
      last_words "$1" >&2
      fail "node $1 ended at its start on $(hostname)"
    }
    [ "$SECONDS" -lt "$deadline" ] || fail "node $1 does not listen on $address, 60 s after its start"
    sleep 0.1
  done
  say "node $1 started ($(runner_of "$1"))"
}

stop_node() { # ID
  is_running "$1" || {
    say "node $1 was not running"
    rm -f "$here/node_$1.pid"
    return 0
  }
  if [ "$(runner_of "$1")" = systemd ]; then
    as_root systemctl disable --now "tenure@$1"
  else
    end_node "$(pid_of "$1")" "$1"
    rm -f "$here/node_$1.pid"
  fi
  say "node $1 stopped"
}

remove_node() { # ID
  if [ ! -f "$here/node$1.runner" ]; then
    say "node $1 was not installed"
  else
    stop_node "$1"
    if [ "$(runner_of "$1")" = systemd ]; then
      as_root rm -rf "${var:?}/logs_node_$1" "$etc/node$1.yaml" "$etc/node$1.env"
      if [ -z "$(find "$etc" -name '*.yaml')" ]; then
        as_root rm -rf "$opt" "$etc" "$unit"
        as_root systemctl daemon-reload
      fi
    fi
  fi
  rm -rf "$here/data/logs_node_$1" "$here/node_$1".* "$here/node$1".*
  # The last node takes the rest along, this script included.
  for other in "$here"/node*.runner; do
    if [ -e "$other" ]; then return 0; fi
  done
  rm -f "$here"/{node,kv}.jar "$here"/{node,kv}.jar.new "$here/jvm_options" "$here/tenure@.service" "$here"/{node,common}.sh
  rmdir "$here/data" "$here" 2> /dev/null || true # stays if somebody else's files are there
}

healthy() { # CLUSTER SECONDS healthy|status
  find_java
  kv=("$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -jar "$here/kv.jar" --cluster "$1" --timeout 3s)
  [ -f "$here/kv.jar" ] || fail "no node is installed on $(hostname)"
  deadline=$((SECONDS + $2))
  good=no
  while [ "$good" = no ]; do
    case "$("${kv[@]}" -o json status 2> /dev/null)" in
      *'"UNREACHABLE"'*) ;;
      *'"role":"LEADER"'*) good=yes ;;
    esac
    if [ "$good" = no ]; then
      [ "$SECONDS" -lt "$deadline" ] || break
      sleep 0.3
    fi
  done
  if [ "$3" = status ] || [ "$good" = no ]; then "${kv[@]}" status || true; fi
  [ "$good" = yes ] || fail "not every node answers, or none of them leads"
}

case "${1:-}:$#" in
  healthy:3 | status:3) healthy "$2" "$3" "$1" ;;
  deploy:3 | start:2 | stop:2 | remove:2)
    case "$2" in '' | *[!0-9]*) fail "'$2' is no node id" ;; esac
    case "$1" in start | stop) runner_of "$2" > /dev/null ;; esac
    case "$1" in
      deploy)
        install_node "$2" "$3"
        if is_running "$2"; then stop_node "$2"; fi
        start_node "$2"
        ;;
      start) start_node "$2" ;;
      stop) stop_node "$2" ;;
      remove) remove_node "$2" ;;
    esac
    ;;
  *)
    usage >&2
    exit 1
    ;;
esac
