#!/usr/bin/env bash
# Prints what has changed between two runs of bench/benchmarks.sh, as a table in Markdown.
#
#   bench/benchmarks-compare.sh BEFORE.json AFTER.json
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

jar="$root/bench/target/bench.jar"
if [ ! -f "$jar" ] || [ -n "$(cd "$root" && find bench/pom.xml bench/src/main -newer "$jar" -type f | head -n 1)" ]; then
  echo "building" >&2
  (cd "$root" && mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -pl bench -am >&2) || exit 2
  touch "$jar"
fi

java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || { echo "benchmarks-compare.sh: no java found; a JDK of version 17 or newer is needed" >&2; exit 2; }
exec "$java" -jar "$jar" benchmarks-compare "$@"
