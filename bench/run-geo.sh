#!/usr/bin/env bash
# Measures a cluster that spans regions, from clients in each region, against what the distances allow.
#
#   bench/run-geo.sh --local MATRIX     on this machine, behind an emulated network: gcp3 (us-east1, europe-west1,
#                                       asia-northeast1), gcp3us (us-east1, us-central1, us-west1), gcp5 (all of these), or
#                                       a file like bench/src/main/resources/io/tenure/bench/geo/gcp3.matrix
#     [--with etcd]                     the same of etcd, if there is one
#     [--faults A,B,...]                of crash, silence, stop, transfer, partition; all, if not told; or none
#     [--fault-seconds S] [--rate R]    how long each lasts, and what clients do meanwhile
#     [--data DIR] [--jvm-options OPTIONS]   of the nodes
#   bench/run-geo.sh --inventory FILE   on hosts that are reached by ssh, a node and a load client on each; FILE has a line
#                                       a host: id region address [ssh-destination [ssh-port]]. Copies the jars into a folder
#                                       of its own, stops the nodes and removes all that afterwards
#     [--ssh-config FILE] [--base-port P] [--bind ADDRESS] [--dir DIR] [--jvm OPTIONS] [--runner NAME]
#                                       as of deploy/ssh/cluster.sh; ports from 7500, folder tenure-geo, runner nohup
#     [--keep]                          leaves the nodes running
#   bench/run-geo.sh --gcp              on machines of Google Cloud, which deploy/gcp/cluster.sh makes; they cost money until
#                                       they are deleted, for which it asks in the end
#     [--delete | --keep]               deletes them without asking; or doesn't ask
#     [--name NAME] [--project ID] [--regions LIST] [--zones LIST] [--machine-type TYPE] [--state DIR] [--user NAME]
#     [--base-port P] [--wait SECONDS] [--jvm OPTIONS]
#                                       as of deploy/gcp/cluster.sh; name tenure-geo, folder tenure-geo-gcp
#   each of them
#     [--seconds S] [--warmup S]        windows of 10 s after 2 s
#     [--leader REGION]                 where the leader is; where writes take the least time, if not told
#     [--out DIR]                       bench/target/geo-NAME-DATE
#
# Writes geo.md, geo.html, geo.json, geo.png and geo.hlog (histograms). Exit code 0: measured; 1: it could not be.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
me="run-geo.sh"
# shellcheck source=deploy/ssh/common.sh
. "$root/deploy/ssh/common.sh"

usage() { # the lines at the top
  sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed -n 's/^# \{0,1\}//p'
}

is_stale() { # JAR MODULE...: of which it is made
  local jar="$1" sources=(pom.xml) module
  shift
  for module in "$@"; do sources+=("$module/pom.xml" "$module/src/main"); done
  [ ! -f "$jar" ] || [ -n "$(cd "$root" && find "${sources[@]}" -newer "$jar" -type f | head -n 1)" ]
}

build() {
  local node="$root/node/target/node.jar" kv="$root/client/target/kv.jar" bench="$root/bench/target/bench.jar"
  if is_stale "$node" protocol node || is_stale "$kv" protocol client || is_stale "$bench" protocol client node bench; then
    echo "building" >&2
    (cd "$root" && mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -pl node,client,bench -am >&2) || exit 1
    touch "$node" "$kv" "$bench"
  fi
}

find_java() {
  java=java
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
  command -v "$java" > /dev/null || fail "no java found; a JDK of version 17 or newer is needed"
}

bench() { "$java" -jar "$root/bench/target/bench.jar" "$@"; }

# ---------------------------------------------------------------------------------------------- options

mode="${1:-}"
case "$mode" in
  --local | --inventory | --gcp) ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    fail "say where: --local MATRIX, --inventory FILE or --gcp, not '$mode'"
    ;;
esac
for argument in "$@"; do
  if [ "$argument" = --help ] || [ "$argument" = -h ]; then
    usage
    exit 0
  fi
done

if [ "$mode" = --local ]; then
  build
  find_java
  exec "$java" -jar "$root/bench/target/bench.jar" geo "$@"
fi

shift
inventory=""
if [ "$mode" = --inventory ]; then
  [ $# -ge 1 ] || fail "--inventory needs a file"
  inventory="$1"
  shift
fi
seconds=10
warmup=2
leader=""
out=""
base_port=7500
dir=tenure-geo
runner="nohup"
keep=no
delete=no
state=tenure-geo-gcp
name=tenure-geo
ssh_options=()
gcp_options=()
deploy_options=()
while [ $# -gt 0 ]; do
  case "$mode $1" in
    *" --keep")
      keep=yes
      shift
      continue
      ;;
    "--gcp --delete")
      delete=yes
      shift
      continue
      ;;
  esac
  [ $# -ge 2 ] || fail "unknown argument, or its value is missing: $1"
  case "$mode $1" in
    *" --seconds") seconds="$2" ;;
    *" --warmup") warmup="$2" ;;
    *" --leader") leader="$2" ;;
    *" --out") out="$2" ;;
    *" --base-port") base_port="$2" ;;
    *" --jvm") deploy_options+=("$1" "$2") ;;
    "--inventory --dir") dir="$2" ;;
    "--inventory --runner") runner="$2" ;;
    "--inventory --ssh-config" | "--inventory --bind") ssh_options+=("$1" "$2") ;;
    "--gcp --state") state="$2" ;;
    "--gcp --name") name="$2" ;;
    "--gcp --project" | "--gcp --regions" | "--gcp --zones" | "--gcp --machine-type" | "--gcp --user" | "--gcp --wait")
      gcp_options+=("$1" "$2")
      ;;
    *)
      usage >&2
      fail "unknown argument: $1"
      ;;
  esac
  shift 2
done
for value in "$seconds" "$warmup"; do
  case "$value" in '' | *[!0-9.]* | *.*.* | .) fail "--seconds and --warmup take a number, not '$value'" ;; esac
done
number --base-port "$base_port" 1024 55000
[ "$keep$delete" != yesyes ] || fail "--keep and --delete exclude each other"

# ---------------------------------------------------------------------------------------------- hosts

results=""
clients_pids=()

index_of() { # REGION
  local i
  for ((i = 0; i < ${#regions[@]}; i++)); do
    if [ "${regions[i]}" = "$1" ]; then
      printf '%s' "$i"
      return 0
    fi
  done
  fail "there is no host in region $1; there are: ${regions[*]}"
}

joined() { # WORD...: with commas between
  local IFS=,
  printf '%s' "$*"
}

client() { # INDEX ACTION [OPTION...]: the load client there
  local index="$1" action="$2" script
  shift 2
  # shellcheck disable=SC2016 # variables of the other side
  script='java="${JAVA_HOME:+$JAVA_HOME/bin/}java"; exec "$java" -Xmx512m -jar "$@"'
  on_host "$index" bash -c "$script" client "$dir/bench.jar" geo-client "$action" --cluster "$cluster" \
    --regions "$(joined "${regions[@]}")" --region "${regions[index]}" "$@"
}

on_every_host() { # ACTION [OPTION...]: at the same time; the answers are in $results
  local i failed=""
  clients_pids=()
  for ((i = 0; i < ${#ids[@]}; i++)); do
    client "$i" "$@" > "$results/${regions[i]}.$1.json" &
    clients_pids+=("$!")
  done
  for ((i = 0; i < ${#ids[@]}; i++)); do
    wait "${clients_pids[i]}" || failed="$failed${failed:+, }${regions[i]}"
  done
  clients_pids=()
  [ -z "$failed" ] || fail "the load client failed in: $failed"
}

answers() { # ACTION: files, in the order of the nodes
  local i
  for ((i = 0; i < ${#ids[@]}; i++)); do printf '%s\n' "$results/${regions[i]}.$1.json"; done
}

read_hosts() {
  read_inventory "$inventory"
  local i
  for ((i = 0; i < ${#ids[@]}; i++)); do
    [ "${ids[i]}" = "$i" ] || fail "$inventory: ids must be 0, 1, 2, ... in this order; ${ids[i]} is not"
    [ "$(index_of "${regions[i]}")" = "$i" ] || fail "$inventory: region ${regions[i]} stands there twice; a node in each"
  done
  if [ -n "$leader" ]; then index_of "$leader" > /dev/null; fi
  local config=""
  for ((i = 0; i < ${#ssh_options[@]}; i += 2)); do
    if [ "${ssh_options[i]}" = --ssh-config ]; then config="${ssh_options[i + 1]}"; fi
  done
  set_up_ssh "$inventory" "$config"
  cluster="$(cluster_addresses "$base_port")"
}

copy_bench() {
  local i
  mkdir "$results/jar"
  cp "$root/bench/target/bench.jar" "$results/jar"
  for ((i = 0; i < ${#ids[@]}; i++)); do push "$i" "$results/jar" "$dir"; done
}

remove_bench() {
  local i
  for ((i = 0; i < ${#ids[@]}; i++)); do
    on_host "$i" rm -f "$dir/bench.jar" || true
    on_host "$i" rmdir "$dir" 2> /dev/null || true # stays if the node is there, too
  done
}

measure() {
  on_every_host trips
  local files=() file
  while IFS= read -r file; do files+=("$file"); done <<< "$(answers trips)"
  if [ -z "$leader" ]; then leader="$(bench geo-report --best "${files[@]}")"; fi
  say "the leader goes to $leader"
  client "$(index_of "$leader")" lead
  say "measuring: about $(printf '%s %s\n' "$seconds" "$warmup" | awk '{ print int(5 * ($1 + $2) + 10) }') s"
  on_every_host load --seconds "$seconds" --warmup "$warmup"
  files=()
  while IFS= read -r file; do files+=("$file"); done <<< "$(answers load)"
  [ -n "$out" ] || out="$root/bench/target/geo-$(basename "$inventory")-$(date -u +%Y%m%d-%H%M)"
  mkdir -p "$out"
  bench geo-report --out "$out" "${files[@]}"
  say "results are in $out"
}

tidy_up() {
  local pid
  for pid in ${clients_pids[@]+"${clients_pids[@]}"}; do kill "$pid" 2> /dev/null || true; done
  [ -z "$results" ] || rm -rf "$results"
}

# ---------------------------------------------------------------------------------------------- on given hosts

ssh_cluster() { # COMMAND [OPTION...]
  local command="$1"
  shift
  "$root/deploy/ssh/cluster.sh" "$command" --inventory "$inventory" --base-port "$base_port" --cluster-id "$name" \
    --dir "$dir" --runner "$runner" ${ssh_options[@]+"${ssh_options[@]}"} "$@"
}

stop_hosts() {
  tidy_up
  if [ "$keep" = yes ]; then
    say "the nodes run on; this ends them: $(quoted deploy/ssh/cluster.sh remove --inventory "$inventory" --dir "$dir")"
    return 0
  fi
  remove_bench
  ssh_cluster remove --yes || say "some of it is left on the hosts, in the folder $dir"
}

on_given_hosts() {
  read_hosts
  build
  find_java
  results="$(mktemp -d)"
  trap stop_hosts EXIT
  ssh_cluster deploy --profile geo ${deploy_options[@]+"${deploy_options[@]}"}
  copy_bench
  measure
}

# ---------------------------------------------------------------------------------------------- on machines that are made

gcp_cluster() { # COMMAND [OPTION...]
  "$root/deploy/gcp/cluster.sh" "$@" --state "$state" --name "$name" --base-port "$base_port" \
    ${gcp_options[@]+"${gcp_options[@]}"}
}

# Never unasked, and never silent on what costs money.
offer_to_delete() {
  tidy_up
  local by_hand
  by_hand="$(quoted deploy/gcp/cluster.sh delete --state "$state" --name "$name" ${gcp_options[@]+"${gcp_options[@]}"})"
  if [ "$delete" = yes ]; then
    gcp_cluster delete --yes || say "NOT ALL IS DELETED, and the rest costs money; again: $by_hand"
  elif [ "$keep" = no ] && [ -t 0 ]; then
    gcp_cluster delete || say "the machines are still there, and cost money; this deletes them: $by_hand"
  else
    say "the machines are still there, and cost money; this deletes them: $by_hand"
  fi
}

on_google_cloud() {
  build
  find_java
  results="$(mktemp -d)"
  trap tidy_up EXIT
  gcp_cluster check --dry-run > /dev/null # options that contradict each other, before anything is made
  trap offer_to_delete EXIT
  gcp_cluster make
  gcp_cluster deploy --profile geo ${deploy_options[@]+"${deploy_options[@]}"}
  inventory="$state/inventory"
  read_hosts
  copy_bench
  measure
  remove_bench
  gcp_cluster stop
}

if [ "$mode" = --inventory ]; then on_given_hosts; else on_google_cloud; fi
