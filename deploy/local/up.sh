#!/usr/bin/env bash
# Starts a cluster on this machine; see usage below. Runs on bash 3.2 and up.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
me="up.sh"
# shellcheck source=deploy/local/common.sh
. "$here/common.sh"

usage() {
  cat << 'END'
usage: up.sh [--nodes N] [--data DIR] [--base-port P] [--profile lan|geo|assignment] [--detach]
  --nodes N       how many nodes, 1 to 9 (default: 3)
  --data DIR      folder of the cluster (default: assignment, below the current folder)
  --base-port P   node i takes port P+200+i for clients and P+100+i for peers (default: 7000)
  --profile NAME  timing (default: lan)
  --detach        leave the nodes running and return; down.sh stops them
Builds first if a jar is missing or older than its sources. JAVA_OPTS is added to the nodes' JVM options.
END
}

nodes=3
data=assignment
base=7000
profile=lan
detach=no

number() { # NAME VALUE FROM TO
  case "$2" in '' | *[!0-9]*) fail "$1 must be a number from $3 to $4, not '$2'" ;; esac
  if [ "${#2}" -gt 5 ] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    fail "$1 must be a number from $3 to $4, not '$2'"
  fi
}

while [ $# -gt 0 ]; do
  case "$1" in
    --nodes | --data | --base-port | --profile)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case "$1" in
        --nodes) nodes="$2" ;;
        --data) data="$2" ;;
        --base-port) base="$2" ;;
        --profile) profile="$2" ;;
      esac
      shift 2
      ;;
    --detach)
      detach=yes
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
number --nodes "$nodes" 1 9
number --base-port "$base" 1024 65000
case "$profile" in lan | geo | assignment) ;; *) fail "--profile must be lan, geo or assignment, not '$profile'" ;; esac
[ -n "$data" ] || fail "--data must name a folder"
ids=()
for ((id = 0; id < nodes; id++)); do ids+=("$id"); done

# ---------------------------------------------------------------------------------------------- tools

java="java"
if [ -n "${JAVA_HOME:-}" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || fail "no java found; a JDK of version 17 or newer is needed"

node_jar="$root/node/target/node.jar"
kv_jar="$root/client/target/kv.jar"

outdated() { # JAR MODULE...: missing, or older than a source of these modules
  jar="$1"
  shift
  [ -e "$jar" ] || return 0
  for module in "$@"; do
    newer="$(find "$root/pom.xml" "$root/$module/pom.xml" "$root/$module/src/main" -newer "$jar" -type f | head -n 1)"
    [ -z "$newer" ] || return 0
  done
  return 1
}

if outdated "$node_jar" protocol node || outdated "$kv_jar" protocol client; then
  command -v mvn > /dev/null || fail "no mvn found; Maven 3.8 or newer is needed to build"
  say "Building (the first time takes a few minutes) ..."
  (cd "$root" && mvn -q package -pl client,node -am -Dmaven.test.skip=true -Dmaven.source.skip -Dmaven.javadoc.skip) || fail "the build failed"
fi

# Silences the notice of newer JVMs on sun.misc.Unsafe, which Netty and Chronicle use; older ones refuse the flag.
jvm=(-XX:+UseSerialGC)
if "$java" --sun-misc-unsafe-memory-access=allow -version > /dev/null 2>&1; then
  jvm+=(--sun-misc-unsafe-memory-access=allow)
fi
node_jvm=("${jvm[@]}" -Xms16m -Xmx128m)
read -r -a extra <<< "${JAVA_OPTS:-}" || true
node_jvm+=(${extra[@]+"${extra[@]}"})
kv_jvm=("${jvm[@]}" -XX:TieredStopAtLevel=1 -Xmx64m)

# ---------------------------------------------------------------------------------------------- settings

mkdir -p "$data"
members=""
cluster=""
for id in "${ids[@]}"; do
  members="$members  - {id: $id, peer: \"127.0.0.1:$((base + 100 + id))\", client: \"127.0.0.1:$((base + 200 + id))\"}
"
  cluster="$cluster${cluster:+,}127.0.0.1:$((base + 200 + id))"
done

conf_folder="$data"
if [ "$nodes $base $profile $data" = "3 7000 lan assignment" ]; then conf_folder="$here"; fi

write_conf() { # ID
  quoted="$(printf '%s' "$data" | sed 's/[\\"]/\\&/g')"
  cat > "$data/node$1.yaml" << END
# Written by deploy/local/up.sh, which writes it anew.
nodeId: $1
clusterId: local
members:
${members}dataDir: "$quoted"
profile: $profile
END
}

# ---------------------------------------------------------------------------------------------- start

for file in "$data"/node_*.pid; do
  [ -e "$file" ] || continue
  if is_node "$(cat "$file")" "$(id_of "$file")"; then
    fail "node $(id_of "$file") of $data is running already; stop it with deploy/local/down.sh --data $(printf %q "$data")"
  fi
  rm -f "$file"
done

taken() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

for id in "${ids[@]}"; do
  for port in $((base + 100 + id)) $((base + 200 + id)); do
    if taken "$port"; then
      fail "port $port is in use by another program; stop that, or choose other ports with --base-port"
    fi
  done
done

pids=()

stop_all() {
  [ "${#pids[@]}" -gt 0 ] || return 0
  for id in "${!pids[@]}"; do
    if is_node "${pids[id]}" "$id"; then kill -TERM "${pids[id]}" 2> /dev/null || true; fi
  done
  for id in "${!pids[@]}"; do
    end_node "${pids[id]}" "$id"
    rm -f "$data/node_$id.pid"
  done
}

last_words() { # ID
  printf 'The last lines of %s:\n' "$data/node_$1.out"
  tail -n 10 "$data/node_$1.out" | sed 's/^/  /'
}

give_up() {
  trap '' INT TERM HUP
  stop_all
  exit 1
}
trap 'say ""; say "Stopping ..."; give_up' INT TERM HUP

for id in "${ids[@]}"; do
  if [ "$conf_folder" != "$here" ]; then write_conf "$id"; fi
  nohup "$java" "${node_jvm[@]}" -jar "$node_jar" --conf "$conf_folder/node$id.yaml" < /dev/null > "$data/node_$id.out" 2>&1 &
  pids+=("$!")
  printf '%s\n' "$!" > "$data/node_$id.pid"
done

# ---------------------------------------------------------------------------------------------- wait for a leader

status() { "$java" "${kv_jvm[@]}" -jar "$kv_jar" --cluster "$cluster" --timeout 2s "$@" status; }

check_alive() {
  for id in "${ids[@]}"; do
    if ! kill -0 "${pids[id]}" 2> /dev/null; then
      {
        printf '%s: node %s ended at its start.\n' "$me" "$id"
        last_words "$id"
      } >&2
      give_up
    fi
  done
}

healthy() { # every node answers and one of them leads
  answer="$(status -o json 2> /dev/null)" || return 1
  case "$answer" in
    *'"UNREACHABLE"'*) return 1 ;;
    *'"role":"LEADER"'*) return 0 ;;
  esac
  return 1
}

# Asking takes a JVM; so don't before the ports are open.
wait_seconds_max=60
deadline=$((SECONDS + wait_seconds_max))
for id in "${ids[@]}"; do
  until taken $((base + 200 + id)); do
    check_alive
    [ "$SECONDS" -lt "$deadline" ] || break
    sleep 0.1
  done
done
until healthy; do
  check_alive
  if [ "$SECONDS" -ge "$deadline" ]; then
    {
      printf '%s: no healthy cluster after %s s.\n' "$me" "$wait_seconds_max"
      status || true
      for id in "${ids[@]}"; do last_words "$id"; done
    } >&2
    give_up
  fi
  sleep 0.3
done
check_alive
status

if [ "$detach" = yes ]; then
  trap - INT TERM HUP
  say "Running in the background; stop with: deploy/local/down.sh --data $(printf %q "$data")"
  exit 0
fi

# ---------------------------------------------------------------------------------------------- stay

say "Running; Ctrl-C stops it."
trap 'trap "" INT TERM HUP; say ""; say "Stopping ..."; stop_all; exit 0' INT TERM HUP
left="${ids[*]}"
while [ -n "$left" ]; do
  # An interrupted wait runs the trap at once; an interrupted sleep would not.
  sleep 1 &
  wait $! || true
  still=""
  for id in $left; do
    if kill -0 "${pids[id]}" 2> /dev/null; then
      still="$still${still:+ }$id"
    else
      code=0
      wait "${pids[id]}" || code=$?
      say "Node $id ended (exit code $code)."
      last_words "$id"
      rm -f "$data/node_$id.pid"
    fi
  done
  left="$still"
done
fail "no node is left"
