#!/usr/bin/env bash
# Measures Tenure, etcd, SOFAJRaft, Aeron Cluster, Apache Ratis and ZooKeeper side by side: three processes of each on this
# machine, the same loads, forced to disk, interleaved over rounds. Prints a table and writes it, as Markdown, JSON and PNG.
#
#   bench/compare.sh [--rounds N] [--seconds S] [--warmup S]   3 rounds, windows of 10 s after 5 s of warm-up
#                    [--systems A,B,...]      of tenure, aeron, jraft, jraft-quorum, etcd, ratis, zookeeper
#                    [--workloads A,B,...]    of W1, W64, W1024, R1, R64, FAILOVER
#                    [--kills N]              leaders killed a round, 2
#                    [--out DIR]              results; bench/results
#                    [--data DIR]             disk for the files of all nodes; bench/target. Not a tmpfs
#                    [--jvm-options OPTIONS]  of every JVM, nodes and clients; the same heap for all
#   bench/compare.sh --help                   everything else
#
# etcd is the program of this machine's distribution: it is installed if apt-get and the right to use it are there, and left
# out by name otherwise. The other systems come from the registry that Maven uses. A system that can't be run is named with
# the reason. Exit code 0: measured; 1: nothing could be measured; 2: it could not run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

newer_source() { # than JAR
  (cd "$root" && find pom.xml */pom.xml bench/peers/pom.xml protocol/src client/src/main node/src/main bench/src/main \
    bench/peers/src/main -newer "$1" -type f | head -n 1)
}

build() {
  (cd "$root" && mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -Dspotless.check.skip=true "$@" >&2)
}

install_etcd() { # with what is there; says why not otherwise
  if ! command -v apt-get > /dev/null; then
    echo "compare.sh: there is no etcd, and no apt-get to install it; it is left out" >&2
    return
  fi
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null || ! sudo -n true 2> /dev/null; then
      echo "compare.sh: there is no etcd, and no right to install it; it is left out" >&2
      return
    fi
    sudo="sudo -n"
  fi
  echo "installing etcd" >&2
  # The package would start a server of its own, which would take part of the machine.
  local policy=/usr/sbin/policy-rc.d
  local own_policy=""
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" > /dev/null && $sudo chmod +x "$policy" && own_policy=1
  fi
  { $sudo apt-get update -q && { $sudo apt-get install -q -y --no-install-recommends etcd-server \
    || $sudo apt-get install -q -y --no-install-recommends etcd; }; } >&2 \
    || echo "compare.sh: etcd could not be installed; it is left out" >&2
  if [ -n "$own_policy" ]; then $sudo rm -f "$policy"; fi
}

wants_etcd() { # ARGUMENTS...
  while [ $# -gt 0 ]; do
    case "$1" in
      --help | -h) return 1 ;;
      --systems) case ",${2:-}," in *,etcd,*) return 0 ;; *) return 1 ;; esac ;;
      --systems=*) case ",${1#--systems=}," in *,etcd,*) return 0 ;; *) return 1 ;; esac ;;
    esac
    shift
  done
}

node="$root/node/target/node.jar"
bench="$root/bench/target/bench.jar"
peers="$root/bench/peers/target/peers.jar"
stale=""
for jar in "$node" "$bench" "$peers"; do
  if [ ! -f "$jar" ] || [ -n "$(newer_source "$jar")" ]; then stale=1; fi
done
if [ -n "$stale" ]; then
  echo "building" >&2
  rm -f "$peers"
  if build -Ppeers; then
    touch "$node" "$bench" "$peers"
  else
    echo "compare.sh: the other systems could not be built; building Tenure alone" >&2
    build || exit 2
  fi
fi
if ! command -v etcd > /dev/null && wants_etcd "$@"; then install_etcd; fi

java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || { echo "compare.sh: no java found; a JDK of version 17 or newer is needed" >&2; exit 2; }
exec "$java" -jar "$bench" compare "$@"
