#!/usr/bin/env bash
# Measures a cluster that spans regions, from clients in each region, against what the distances allow.
#
#   bench/run-geo.sh --local MATRIX     on this machine, behind an emulated network: gcp3 (us-east1, europe-west1,
#                                       asia-northeast1), gcp3us (us-east1, us-central1, us-west1), gcp5 (all of these), or
#                                       a file like bench/src/main/resources/io/tenure/bench/geo/gcp3.matrix
#                    [--seconds S] [--warmup S]   windows of 10 s after 2 s
#                    [--with etcd]                the same of etcd, if there is one
#                    [--leader REGION]            where the leader is; where writes take the least time, if not told
#                    [--faults A,B,...]           of crash, silence, stop, transfer, partition; all, if not told; or none
#                    [--out DIR]                  bench/target/geo-MATRIX-DATE
#   bench/run-geo.sh --local MATRIX --help        everything else
#
# Exit code 0: measured; 1: it could not be measured or run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

newer_source() { # than JAR
  (cd "$root" && find pom.xml */pom.xml protocol/src client/src/main node/src/main bench/src/main -newer "$1" -type f | head -n 1)
}

build() {
  local jar stale=""
  for jar in "$root/node/target/node.jar" "$root/bench/target/bench.jar"; do
    if [ ! -f "$jar" ] || [ -n "$(newer_source "$jar")" ]; then stale=1; fi
  done
  if [ -n "$stale" ]; then
    echo "building" >&2
    (cd "$root" && mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -pl node,bench -am >&2) || exit 1
    touch "$root/node/target/node.jar" "$root/bench/target/bench.jar"
  fi
}

usage() { # the lines at the top
  sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed -n 's/^# \{0,1\}//p'
}

case "${1:-}" in
  '' | -h | --help)
    usage
    [ -n "${1:-}" ] || exit 1
    exit 0
    ;;
esac

build
java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || { echo "run-geo.sh: no java found; a JDK of version 17 or newer is needed" >&2; exit 1; }
exec "$java" -jar "$root/bench/target/bench.jar" geo "$@"
