# shellcheck shell=bash disable=SC2154,SC2034
# What up.sh and down.sh share. Sourced; runs on bash 3.2 and up.

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$me" "$*" >&2
  exit 1
}

# The command line of a process; nothing if there is none (any more).
command_of() { # PID
  if [ -r "/proc/$1/cmdline" ]; then
    tr '\0' ' ' < "/proc/$1/cmdline" 2> /dev/null || true
  else
    ps -ww -o args= -p "$1" 2> /dev/null || true
  fi
}

# Whether a process is the Java process of this node. A pid file may be old, and its number given to somebody else.
is_node() { # PID ID
  case "$1" in '' | *[!0-9]*) return 1 ;; esac
  case "$(command_of "$1")" in
    *java*node.jar*--conf*node"$2".yaml*) return 0 ;;
  esac
  return 1
}

# Ends a node: TERM, and KILL if it has not ended in time. Quiet if it runs no more.
end_node() { # PID ID
  is_node "$1" "$2" || return 0
  kill -TERM "$1" 2> /dev/null || true
  waited=0
  while is_node "$1" "$2"; do
    if [ "$waited" -eq "$end_tenths_max" ]; then
      say "node $2 (pid $1) did not end in $((end_tenths_max / 10)) s; killing it"
      kill -KILL "$1" 2> /dev/null || true
    fi
    sleep 0.1
    waited=$((waited + 1))
  done
}
end_tenths_max=100

# The id in the name of a pid file.
id_of() { # DIR/node_ID.pid
  name="${1##*/node_}"
  printf '%s' "${name%.pid}"
}
