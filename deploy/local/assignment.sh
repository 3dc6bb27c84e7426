#!/usr/bin/env bash
# Plays the six scenarios of the assignment with five node processes and its own timing (leases of 8 s, elections after
# 5 to 10 s), on free ports and in a temporary folder, and prints PASS or FAIL of each with what the files say:
# assignment.sh [OPTION...], the options being those of: java -jar bench/target/bench.jar scenarios --help
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
me="assignment.sh" # who complains
# shellcheck source=deploy/local/common.sh
. "$here/common.sh"

java="java"
if [ -n "${JAVA_HOME:-}" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || fail "no java found; a JDK of version 17 or newer is needed"
jar="$root/bench/target/bench.jar"
[ -f "$jar" ] || fail "$jar is missing; build it with: mvn package -DskipTests"

exec "$java" -jar "$jar" scenarios "$@"
