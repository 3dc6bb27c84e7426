#!/usr/bin/env bash
# Injects one fault after the other into a cluster of processes of its own, under load, and judges what clients and logs
# tell of it.
#
#   bench/chaos.sh --minutes M [--nodes N] [--seed S]   10 minutes, 3 nodes and a random seed unless told otherwise
#   bench/chaos.sh --help                               everything else: which faults, clients, pace, keys
#
# Exit code 0: nothing found; 1: a violation, and the data stays; 2: it could not run. Full disks need root and Linux.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

newer_source() { # than JAR
  (cd "$root" && find pom.xml */pom.xml protocol/src client/src/main node/src/main bench/src/main -newer "$1" -type f | head -n 1)
}

build=""
for jar in "$root/node/target/node.jar" "$root/bench/target/bench.jar"; do
  if [ ! -f "$jar" ] || [ -n "$(newer_source "$jar")" ]; then build=1; fi
done
if [ -n "$build" ]; then
  echo "building" >&2
  (cd "$root" && mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -pl node,bench -am >&2) || exit 2
  touch "$root/node/target/node.jar" "$root/bench/target/bench.jar"
fi

java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || { echo "chaos.sh: no java found; a JDK of version 17 or newer is needed" >&2; exit 2; }
exec "$java" -jar "$root/bench/target/bench.jar" chaos "$@"
