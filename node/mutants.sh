#!/usr/bin/env bash
# Plants bugs, one at a time, into a copy of the product's source, and sees whether the simulator finds them.
#
#   node/mutants.sh [NAME]              all of node/src/test/mutants/*.patch, or one
#   node/mutants.sh --explored [NAME]   the same with the explorer, those that it is known to find within a minute or two
#
# A bug is killed if one of the invariants that its patch names is broken within 1,000 seeds, or in its script. One that
# does not apply or compile, or that shows in any other way, counts as survived; so does everything if the copy without
# a bug is not clean. Exit code 1 if one survives.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

modules='protocol client node' # what runs in the simulator
seeds=1000
clean_seeds=100
work=$(mktemp -d "${TMPDIR:-/tmp}/mutants.XXXXXX")
trap 'rm -rf "$work"' EXIT
survived=0

javac=javac
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/javac" ]; then javac="$JAVA_HOME/bin/javac"; fi

field() { # NAME KEY: a line of the head of a patch
  sed -n "s/^$2: //p" "node/src/test/mutants/$1.patch" | head -n 1
}

copy() { # NAME
  local module
  mkdir -p "$work/$1/classes"
  for module in $modules; do
    mkdir -p "$work/$1/$module/src"
    cp -R "$module/src/main" "$work/$1/$module/src/main"
  done
}

compile() { # NAME FILE...
  local name=$1
  shift
  (cd "$work/$name" && "$javac" -nowarn -proc:none --release 17 -d classes \
    -cp "$root/node/target/node.jar:$root/client/target/classes" "$@") \
    > "$work/$name/javac.out" 2>&1
}

simulate() { # NAME ARGUMENT...
  local name=$1
  shift
  TENURE_SIM_CLASSES="$work/$name/classes" node/sim.sh --lines 20 "$@" > "$work/$name/sim.out" 2>&1
}

check_copy() {
  copy unchanged
  local sources
  # Not the command line of the client: what it is made of is not in node.jar.
  # shellcheck disable=SC2086
  sources=$(cd "$work/unchanged" && find $modules -name '*.java' ! -name package-info.java ! -path '*/io/tenure/cli/*')
  # shellcheck disable=SC2086
  if ! compile unchanged $sources; then
    echo "unchanged copy: does not compile"
    cat "$work/unchanged/javac.out"
    exit 1
  fi
  if ! simulate unchanged --seeds $clean_seeds || ! simulate unchanged --script figure-8; then
    echo "unchanged copy: not clean, so nothing can be said about bugs"
    tail -n 5 "$work/unchanged/sim.out"
    exit 1
  fi
  echo "unchanged copy: clean"
}

survive() { # NAME WHY
  echo "$1: SURVIVED: $2"
  survived=$((survived + 1))
}

explore() { # NAME: the explorer must find what the patch says, in the scope that it says
  local name=$1 expected scope found
  read -r expected scope <<< "$(field "$name" Explored)"
  # shellcheck disable=SC2086
  TENURE_SIM_CLASSES="$work/$name/classes" node/explore.sh --broad 1 $scope > "$work/$name/explore.out" 2>&1 || true
  found=$(sed -n 's/^VIOLATED \([A-Za-z]*\): .*/\1/p' "$work/$name/explore.out")
  if [ "$found" = "$expected" ]; then
    echo "$name: found by the explorer: $found, $(sed -n 's/^\([0-9]* states\), .*/\1/p' "$work/$name/explore.out")"
  else
    survive "$name" "the explorer: $(tail -n 1 "$work/$name/explore.out")"
  fi
}

judge() { # NAME
  local name=$1 patch="$root/node/src/test/mutants/$1.patch" run broken killers
  copy "$name"
  if ! (cd "$work/$name" && git apply "$patch") > "$work/$name/apply.out" 2>&1; then
    survive "$name" "the patch does not apply"
    return
  fi
  # shellcheck disable=SC2046
  if ! compile "$name" $(sed -n 's|^+++ b/||p' "$patch" | cut -f 1); then
    survive "$name" "does not compile"
    return
  fi
  if $explored; then
    explore "$name"
    return
  fi
  run=$(field "$name" Run)
  # shellcheck disable=SC2086
  if simulate "$name" ${run:---seeds $seeds}; then
    survive "$name" "nothing found"
    return
  fi
  broken=$(sed -n 's/^\([a-z]* [A-Z0-9_a-z]*\): VIOLATED \([A-Za-z]*\): .*/\2 (\1)/p' "$work/$name/sim.out" | head -n 1)
  killers=" $(field "$name" "Killed by") "
  case "$killers" in
    *" ${broken%% *} "*) echo "$name: killed by $broken" ;;
    *) survive "$name" "$(tail -n 1 "$work/$name/sim.out")" ;;
  esac
}

root=$PWD
explored=false
if [ "${1:-}" = --explored ]; then
  explored=true
  shift
fi
if [ $# -gt 1 ] || { [ $# -eq 1 ] && [ ! -f "node/src/test/mutants/$1.patch" ]; }; then
  echo "usage: node/mutants.sh [--explored] [NAME]; names are" >&2
  ls node/src/test/mutants | sed 's/\.patch$//' >&2
  exit 2
fi
node/sim.sh --seeds 1 > "$work/build.out" 2>&1 || { cat "$work/build.out"; exit 1; }
check_copy
for patch in node/src/test/mutants/${1:-*}.patch; do
  name=$(basename "$patch" .patch)
  if ! $explored || [ -n "$(field "$name" Explored)" ]; then judge "$name"; fi
done
[ $survived -eq 0 ] || { echo "$survived survived"; exit 1; }
