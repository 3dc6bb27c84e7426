#!/usr/bin/env bash
# Simulates whole clusters under faults, one seed after the other, and checks every invariant after every step.
#
#   node/sim.sh --seeds N [--from SEED] [--nodes 3|5]   many seeds, on all cores; the first bad one is told and ends it
#   node/sim.sh --seed S [--nodes N] [--lines N] [--messages 1]   one seed again, with its story
#   node/sim.sh --seeds N --beyond-bound 1              clocks that break the bound which nodes are told: a lease must be seen to fail
#   node/sim.sh --script NAME                           a schedule written by hand (figure-8)
#
# Exit code 0: nothing found; 1: an invariant is broken or a node failed; 2: bad arguments.
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

# What Agrona and Chronicle reach into; the same list as in pom.xml.
# Whole worlds are garbage soon: a large young generation. Leaks of buffers are looked for by the fuzzers.
flags=(-XX:+UseParallelGC -Xmx2g -Xmn1500m -Dio.netty.leakDetection.level=disabled)
for package in jdk.internal.misc java.io java.lang java.lang.reflect java.nio java.util sun.nio.ch; do
  flags+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
for package in jdk.internal.misc jdk.internal.ref sun.nio.ch; do
  flags+=("--add-exports=java.base/$package=ALL-UNNAMED")
done
if "$java" --sun-misc-unsafe-memory-access=allow -version > /dev/null 2>&1; then
  flags+=(--sun-misc-unsafe-memory-access=allow)
fi

classes=node/target/test-classes:node/target/classes:client/target/classes:$jar
if [ -n "${TENURE_SIM_CLASSES:-}" ]; then classes=$TENURE_SIM_CLASSES:$classes; fi
exec "$java" "${flags[@]}" -cp "$classes" io.tenure.sim.Simulate "$@"
