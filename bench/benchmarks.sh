#!/usr/bin/env bash
# Runs the JMH benchmarks, with the GC profiler, and writes their results as JSON.
#
#   bench/benchmarks.sh [--out FILE] [JMH ARGUMENTS]    all of them, a quarter of an hour; FILE: bench/target/benchmarks.json
#   bench/benchmarks.sh Commit -p folder=DIR            those whose names match; forces go to a disk: below DIR, not a tmpfs
#   bench/benchmarks.sh -f 1 -wi 1 -i 1 -w 1 -r 1       a second each: to see that they run
#   bench/benchmarks.sh -h                              all arguments of JMH
#
# The first benchmark that fails ends the run, unless "-foe false" is given. bench/benchmarks-compare.sh holds two such
# files against each other.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

newer_source() { # than JAR
  (cd "$root" && find pom.xml */pom.xml protocol/src client/src/main node/src/main bench/src/main -newer "$1" -type f | head -n 1)
}

out="$root/bench/target/benchmarks.json"
if [ "${1:-}" = "--out" ]; then
  if [ $# -lt 2 ]; then
    echo "benchmarks.sh: --out needs a file" >&2
    exit 2
  fi
  out="$2"
  shift 2
fi

jar="$root/bench/target/benchmarks.jar"
if [ ! -f "$jar" ] || [ -n "$(newer_source "$jar")" ]; then
  echo "building" >&2
  (cd "$root" && mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -pl bench -am >&2) || exit 2
  touch "$jar"
fi

case " $* " in
  *" -foe "*) ;;
  *) set -- -foe true "$@" ;;
esac

java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || { echo "benchmarks.sh: no java found; a JDK of version 17 or newer is needed" >&2; exit 2; }
flags=()
if "$java" --sun-misc-unsafe-memory-access=allow -version > /dev/null 2>&1; then
  flags+=(--sun-misc-unsafe-memory-access=allow)
fi
exec "$java" ${flags[@]+"${flags[@]}"} -jar "$jar" -prof gc -rf json -rff "$out" "$@"
