#!/usr/bin/env bash
# Explores everything that three nodes can do at a small scope, by running the real core, and checks the invariants in every
# state. Says "exhausted" only if no state within the scope was left out.
#
#   node/explore.sh                          2 terms, 1 command, 1 crash with restart, any loss, reordering and duplication, while no
#                                            time passes: exhausted in a minute or two
#   node/explore.sh --ticks 2                the same while leases run out: more states than fit into an hour
#   node/explore.sh --commands 2 --terms 3 --skew 1 --ticks 2 --lease-ticks 2 --seconds 3600      as far as an hour goes
#   node/explore.sh --stepped-reads 1 ...    lease reads step by step, against publishing and applying
#
# The scope: --terms N, --elections N (timers that fire), --commands N, --crashes N, --duplicates N (default: any number),
# --ticks N (steps of time), --lease-ticks N (how many make a lease), --skew 0|1 (clocks as slow or fast as the bound allows),
# --pre-votes 0|1 (by message, or all given), --slow-disk 0|1 (writes take time), --quorum-reads N (ReadIndex),
# --stepped-reads N, --strict 0|1 (strictLease), --distinct 0|1 (nodes that differ in name alone are told apart).
# The limits: --states N, --seconds N.
#
# Exit code 0: nothing found; 1: an invariant is broken, with the way there; 2: bad arguments; 3: out of memory, of which it takes
# two thirds of the machine's at most.
# TENURE_SIM_CLASSES: a folder of classes that take the place of the product's own (node/mutants.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jar=node/target/node.jar
if [ ! -f "$jar" ] || [ -n "$(find pom.xml */pom.xml protocol/src client/src node/src/main node/src/test/java -newer "$jar" -type f | head -n 1)" ]; then
  echo "building" >&2
  mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip=true -pl node -am >&2
  touch "$jar"
fi

java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java="$JAVA_HOME/bin/java"; fi

flags=(-XX:+UseSerialGC -XX:MaxRAMPercentage=65)
if "$java" --sun-misc-unsafe-memory-access=allow -version > /dev/null 2>&1; then
  flags+=(--sun-misc-unsafe-memory-access=allow)
fi

if [ $# -eq 0 ]; then set -- --ticks 0; fi
classes=node/target/test-classes:node/target/classes:$jar
if [ -n "${TENURE_SIM_CLASSES:-}" ]; then classes=$TENURE_SIM_CLASSES:$classes; fi
exec "$java" "${flags[@]}" -cp "$classes" io.tenure.explore.Explore "$@"
