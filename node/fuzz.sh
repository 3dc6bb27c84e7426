#!/usr/bin/env bash
# Throws what a fuzzer thinks of at the code that reads frames, files and settings, or at running nodes.
#
#   node/fuzz.sh [TARGET] [--minutes M] [--keep]   one target, or all in turn, for M (5) minutes, starting from the kept
#                                                  corpus, node/src/test/resources/fuzz/; --keep: prints the inputs found
#                                                  that cover more than it does, as lines for it
#   node/fuzz.sh ports [--frames N] [...]          N (1000000) random and mutated frames at each port of running nodes
#   node/fuzz.sh --list                            the targets
#
# Exit code 0: nothing found; 1: something is, with the input as a line for the corpus; 2: bad arguments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

targets() {
  sed -n '/^public enum/,/;$/s/^ *\([A-Z_]*\)[,;]$/\1/p' node/src/test/java/io/tenure/fuzz/FuzzTarget.java |
    tr 'A-Z_' 'a-z-'
}

usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi

if [ "${1:-}" = ports ]; then
  shift
  jar=bench/target/bench.jar
  if [ ! -f "$jar" ] || [ -n "$(find pom.xml */pom.xml */src/main node/src/test/java -newer "$jar" -type f | head -n 1)" ]; then
    echo "building" >&2
    mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true >&2
    touch "$jar"
  fi
  exec "$java" -jar "$jar" fuzz-ports --node-jar node/target/node.jar "$@"
fi

target=all
minutes=5
keep=false
while [ $# -gt 0 ]; do
  case "$1" in
    --list) targets; exit 0 ;;
    --keep) keep=true; shift ;;
    --minutes) [ $# -ge 2 ] || usage; minutes=$2; shift 2 ;;
    -*) usage ;;
    *) target=$1; shift ;;
  esac
done
case "$minutes" in *[!0-9.]* | '') usage ;; esac
if [ "$target" != all ] && ! targets | grep -qx -- "$target"; then
  echo "fuzz.sh: no target \"$target\"; there are: $(targets | tr '\n' ' ')" >&2
  exit 2
fi

mvn -B -q -ntp test -Dfast -pl node -am -Dtest='FuzzTest#longRunFindsNothing' -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfuzz.name="$target" -Dfuzz.minutes="$minutes" -Dfuzz.keep="$keep"
