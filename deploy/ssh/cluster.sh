#!/usr/bin/env bash
# Runs a cluster on hosts that are reached by ssh; see usage below. Runs on bash 3.2 and up.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
me="deploy/ssh/cluster.sh"
# shellcheck source=deploy/ssh/common.sh
. "$here/common.sh"

usage() {
  cat << 'END'
usage: deploy/ssh/cluster.sh COMMAND --inventory FILE [options]
  deploy   copies jars and settings, starts the nodes (one after the other, if they run), waits for a leader
  check    prints the status table; exit code 1 if a node does not answer or none leads
  start    starts all nodes
  stop     stops all nodes
  remove   stops the nodes and deletes all that is theirs on the hosts, data included; asks first

  --inventory FILE   a line a host: id region address [ssh-destination [ssh-port]]; # begins a comment
  --ssh-config FILE  for ssh (default: the file ssh_config beside the inventory, if there is one)
  --base-port P      node i takes port P+200+i for clients and P+100+i for peers (default: 7000)
  --cluster-id NAME  name of the cluster (default: tenure)
  --profile NAME     timing: lan, geo or assignment (default: geo)
  --bind ADDRESS     address to listen on, where a host's own is not the one in the inventory; 0.0.0.0 for all
  --settings FILE    further settings for every node, as in deploy/local/node0.yaml
  --jvm OPTIONS      for the nodes' JVMs (default: -XX:InitialRAMPercentage=10 -XX:MaxRAMPercentage=40)
  --runner NAME      auto, systemd or nohup (default: auto: systemd where it runs and root may be had)
  --dir DIR          folder on the hosts (default: tenure, below the home of the user)
  --yes              don't ask
  --dry-run          prints every command and runs none
The hosts need bash, tar and Java 17 or newer. Ports are not encrypted: keep them inside a private network.
END
}

command="${1:-}"
case "$command" in
  deploy | check | start | stop | remove) shift ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    fail "say what to do: deploy, check, start, stop or remove, not '$command'"
    ;;
esac

inventory=""
ssh_config=""
base_port=7000
cluster_id=tenure
profile=geo
bind=""
settings=""
jvm="-XX:InitialRAMPercentage=10 -XX:MaxRAMPercentage=40 -XX:+ExitOnOutOfMemoryError"
runner=auto
dir=tenure
yes=no

while [ $# -gt 0 ]; do
  case "$1" in
    --inventory | --ssh-config | --base-port | --cluster-id | --profile | --bind | --settings | --jvm | --runner | --dir)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case "$1" in
        --inventory) inventory="$2" ;;
        --ssh-config) ssh_config="$2" ;;
        --base-port) base_port="$2" ;;
        --cluster-id) cluster_id="$2" ;;
        --profile) profile="$2" ;;
        --bind) bind="$2" ;;
        --settings) settings="$2" ;;
        --jvm) jvm="$2" ;;
        --runner) runner="$2" ;;
        --dir) dir="$2" ;;
      esac
      shift 2
      ;;
    --yes)
      yes=yes
      shift
      ;;
    --dry-run)
      dry_run=yes
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail "unknown argument: $1"
      ;;
  esac
done

[ -n "$inventory" ] || fail "--inventory FILE is missing"
number --base-port "$base_port" 1024 55000
case "$cluster_id" in '' | *[!A-Za-z0-9._-]*) fail "--cluster-id takes letters, digits, dots, dashes and underscores, not '$cluster_id'" ;; esac
case "$profile" in lan | geo | assignment) ;; *) fail "--profile must be lan, geo or assignment, not '$profile'" ;; esac
case "$bind" in *[!A-Za-z0-9._-]*) fail "--bind takes a host name or an IPv4 address, not '$bind'" ;; esac
[ -z "$settings" ] || [ -f "$settings" ] || fail "there is no file $settings"
case "$jvm" in *[!A-Za-z0-9._:=,@%+/\ -]*) fail "--jvm takes options without quotes, not '$jvm'" ;; esac
case "$runner" in auto | systemd | nohup) ;; *) fail "--runner must be auto, systemd or nohup, not '$runner'" ;; esac
case "$dir" in '' | / | -* | *..* | *[!A-Za-z0-9._/+-]*) fail "--dir must be a plain path of a folder, not '$dir'" ;; esac
read_inventory "$inventory"
for id in "${ids[@]}"; do
  [ $((base_port + 200 + id)) -le 65535 ] || fail "node $id would take port $((base_port + 200 + id)); ports end at 65535"
done
set_up_ssh "$inventory" "$ssh_config"
cluster="$(cluster_addresses "$base_port")"
seconds_max=90

on_node() { # INDEX ARGUMENTS...: of node.sh there
  local index="$1"
  shift
  on_host "$index" bash "$dir/node.sh" "$@"
}

host() { printf 'node %s (%s, %s)' "${ids[$1]}" "${regions[$1]}" "${destinations[$1]}"; } # INDEX

# As the first host that can be reached sees it.
check() { # SECONDS healthy|status
  local i code
  for ((i = 0; i < ${#ids[@]}; i++)); do
    code=0
    on_node "$i" "$2" "$cluster" "$1" || code=$?
    [ "$code" -eq 255 ] || return "$code" # 255: ssh's own, it did not get there
  done
  fail "none of the hosts is reached by ssh"
}

deploy() {
  local node_jar="$root/node/target/node.jar" kv_jar="$root/client/target/kv.jar" jar i
  for jar in "$node_jar" "$kv_jar"; do
    [ -f "$jar" ] || [ "$dry_run" = yes ] || fail "there is no $jar; build first: mvn package -DskipTests"
  done
  staging="the-files-of-each-host"
  if [ "$dry_run" = no ]; then
    staging="$(mktemp -d)"
    trap 'rm -rf "$staging"' EXIT
    cp "$node_jar" "$staging/node.jar.new"
    cp "$kv_jar" "$staging/kv.jar.new"
    cp "$here/node.sh" "$root/deploy/local/common.sh" "$root/deploy/systemd/tenure@.service" "$staging"
    printf '%s\n' "$jvm" > "$staging/jvm_options"
  fi
  # A cluster that is in use stays so: each node is back before the next one stops.
  rolling=no
  if [ "$dry_run" = no ] && (check 0 healthy) > /dev/null 2>&1; then rolling=yes; fi
  for ((i = 0; i < ${#ids[@]}; i++)); do
    say "$(host "$i"): copying"
    if [ "$dry_run" = no ]; then
      rm -f "$staging"/*.settings
      {
        node_settings "$i" "$cluster_id" "$profile" "$base_port" "$bind"
        if [ -n "$settings" ]; then cat "$settings"; fi
      } > "$staging/node${ids[i]}.settings"
    fi
    push "$i" "$staging" "$dir"
    on_node "$i" deploy "${ids[i]}" "$runner"
    if [ "$rolling" = yes ]; then check "$seconds_max" healthy; fi
  done
  check "$seconds_max" status
}

on_all() { # COMMAND of node.sh; goes on where one fails
  local i failed=""
  for ((i = 0; i < ${#ids[@]}; i++)); do
    on_node "$i" "$1" "${ids[i]}" || failed="$failed${failed:+, }$(host "$i")"
  done
  [ -z "$failed" ] || fail "$1 failed on: $failed"
}

remove() {
  local i failed="" answer=""
  if [ "$yes" = no ] && [ "$dry_run" = no ]; then
    say "This deletes the nodes and all their data on: ${destinations[*]}"
    printf 'Type "yes" to go on: '
    read -r answer || true
    [ "$answer" = yes ] || fail "nothing was removed"
  fi
  for ((i = 0; i < ${#ids[@]}; i++)); do
    on_host "$i" bash -c "if [ -f '$dir/node.sh' ]; then bash '$dir/node.sh' remove ${ids[i]}; fi" \
      || failed="$failed${failed:+, }$(host "$i")"
  done
  [ -z "$failed" ] || fail "remove failed on: $failed"
}

case "$command" in
  deploy) deploy ;;
  check) check 0 status ;;
  start)
    on_all start
    check "$seconds_max" status
    ;;
  stop) on_all stop ;;
  remove) remove ;;
esac
