#!/usr/bin/env bash
# Stops the nodes that up.sh started: down.sh [--data DIR]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
me="down.sh" # who complains
# shellcheck source=deploy/local/common.sh
. "$here/common.sh"

usage() {
  cat << 'END'
usage: down.sh [--data DIR]
  --data DIR   folder of the cluster (default: assignment, below the current folder)
END
}

data=assignment
while [ $# -gt 0 ]; do
  case "$1" in
    --data)
      [ $# -ge 2 ] || fail "--data needs a folder"
      data="$2"
      shift 2
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail "unknown argument: $1"
      ;;
  esac
done

[ -d "$data" ] || fail "no such folder: $data"

stopped=0
for file in "$data"/node_*.pid; do
  [ -e "$file" ] || continue
  id="$(id_of "$file")"
  pid="$(cat "$file")"
  if is_node "$pid" "$id"; then
    end_node "$pid" "$id"
    say "node $id stopped (pid $pid)"
    stopped=$((stopped + 1))
  else
    say "node $id was not running"
  fi
  rm -f "$file"
done
[ "$stopped" -gt 0 ] || say "nothing of $data is running"
