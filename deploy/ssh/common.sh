# shellcheck shell=bash disable=SC2154,SC2034
# What the scripts that reach several hosts share. Sourced; the caller sets `me`. Runs on bash 3.2 and up.
#
# An inventory names the hosts of a cluster, one node a line:
#
#   id region address [ssh-destination [ssh-port]]
#
#   id               the node's, 0 to 9999
#   region           where it is, such as us-east1
#   address          host name or IPv4 address at which the other hosts and the clients reach it
#   ssh-destination  [user@]host, or a name that the ssh configuration knows (default: address)
#   ssh-port         default: what ssh itself takes
#
# What follows a # that begins a line or stands after white space is a comment. A file ssh_config in the folder of the
# inventory is given to ssh (-F), unless another one is named.

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$me" "$*" >&2
  exit 1
}

number() { # NAME VALUE FROM TO
  case "$2" in '' | *[!0-9]* | 0?*) fail "$1 must be a number from $3 to $4, not '$2'" ;; esac
  if [ "${#2}" -gt 6 ] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    fail "$1 must be a number from $3 to $4, not '$2'"
  fi
}

# A command line as one can type it.
quoted() {
  local word line=""
  for word in "$@"; do
    case "$word" in
      '' | *[!A-Za-z0-9_./:=,@%+-]*) word="'$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'" ;;
    esac
    line="$line${line:+ }$word"
  done
  printf '%s\n' "$line"
}

dry_run=no
run() { # COMMAND...; only prints it in a dry run
  if [ "$dry_run" = yes ]; then quoted "$@"; else "$@"; fi
}

# ---------------------------------------------------------------------------------------------- inventory

# Of the hosts, in the order of the file.
ids=()
regions=()
addresses=()
destinations=()
ssh_ports=()

read_inventory() { # FILE
  [ -f "$1" ] || fail "there is no inventory $1"
  local line text id region address destination port rest count=0
  while IFS= read -r line || [ -n "$line" ]; do
    count=$((count + 1))
    text="$(printf '%s' "$line" | sed -e 's/^#.*//' -e 's/[[:space:]]#.*//')"
    read -r id region address destination port rest <<< "$text" || true
    [ -n "$id" ] || continue
    local at="$1:$count"
    [ -n "$address" ] || fail "$at: a host takes: id region address [ssh-destination [ssh-port]]"
    [ -z "$rest" ] || fail "$at: too many words; a host takes: id region address [ssh-destination [ssh-port]]"
    number "$at: id" "$id" 0 9999
    case " ${ids[*]-} " in *" $id "*) fail "$at: id $id stands there twice" ;; esac
    case "$region" in *[!A-Za-z0-9._-]* | -*) fail "$at: '$region' is no name of a region" ;; esac
    case "$address" in *[!A-Za-z0-9._-]* | -* | .*) fail "$at: '$address' is no host name and no IPv4 address" ;; esac
    destination="${destination:-$address}"
    case "$destination" in *[!A-Za-z0-9._@%+-]* | -*) fail "$at: '$destination' is no [user@]host" ;; esac
    [ -z "$port" ] || number "$at: ssh-port" "$port" 1 65535
    ids+=("$id")
    regions+=("$region")
    addresses+=("$address")
    destinations+=("$destination")
    ssh_ports+=("$port")
  done < "$1"
  [ "${#ids[@]}" -gt 0 ] || fail "$1 names no host"
  [ "${#ids[@]}" -le 31 ] || fail "$1 names ${#ids[@]} hosts; a cluster has at most 31 members"
}

peer_port() { printf '%s' $(($2 + 100 + $1)); } # ID BASE_PORT
client_port() { printf '%s' $(($2 + 200 + $1)); }

cluster_addresses() { # BASE_PORT: as kv --cluster takes them
  local i list=""
  for ((i = 0; i < ${#ids[@]}; i++)); do
    list="$list${list:+,}${addresses[i]}:$(client_port "${ids[i]}" "$1")"
  done
  printf '%s' "$list"
}

# The settings of one node, all but dataDir, which is decided on the host.
node_settings() { # INDEX CLUSTER_ID PROFILE BASE_PORT BIND_ADDRESS
  local i
  printf '# Written by deploy/ssh/cluster.sh, which writes it anew.\n'
  printf 'nodeId: %s\nclusterId: %s\nmembers:\n' "${ids[$1]}" "$2"
  for ((i = 0; i < ${#ids[@]}; i++)); do
    printf '  - {id: %s, peer: "%s:%s", client: "%s:%s"} # %s\n' "${ids[i]}" "${addresses[i]}" \
      "$(peer_port "${ids[i]}" "$4")" "${addresses[i]}" "$(client_port "${ids[i]}" "$4")" "${regions[i]}"
  done
  [ -z "$5" ] || printf 'bindAddress: %s\n' "$5"
  printf 'profile: %s\n' "$3"
}

# ---------------------------------------------------------------------------------------------- ssh

ssh_command=()
set_up_ssh() { # INVENTORY SSH_CONFIG: the latter may be empty
  command -v ssh > /dev/null || fail "no ssh found"
  # Nobody is there to type a password, and a host that has gone must not hold the others up.
  ssh_command=(ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ServerAliveCountMax=4)
  local config="$2"
  if [ -z "$config" ] && [ -f "$(dirname "$1")/ssh_config" ]; then config="$(dirname "$1")/ssh_config"; fi
  if [ -n "$config" ]; then
    [ -f "$config" ] || fail "there is no ssh configuration $config"
    ssh_command+=(-F "$config")
  fi
}

ssh_to() { # INDEX: the words of the command that reaches this host, in ssh_words
  ssh_words=("${ssh_command[@]}")
  [ -z "${ssh_ports[$1]}" ] || ssh_words+=(-p "${ssh_ports[$1]}")
  ssh_words+=("${destinations[$1]}")
}

on_host() { # INDEX COMMAND...: runs it there, word for word; ssh itself would have the shell there split them again
  ssh_to "$1"
  shift
  run "${ssh_words[@]}" "$(quoted "$@")" < /dev/null
}

# Puts the files of a folder into one on the host. One connection whatever their number, and only tar on the other side.
push() { # INDEX FOLDER REMOTE_FOLDER
  ssh_to "$1"
  local unpack
  unpack="mkdir -p $(quoted "$3") && tar -xf - -C $(quoted "$3")"
  if [ "$dry_run" = yes ]; then
    say "tar -cf - -C $(quoted "$2") . | $(quoted "${ssh_words[@]}" "$unpack")"
  else
    # The other tar of a Mac would add files of its own.
    COPYFILE_DISABLE=1 tar -cf - -C "$2" . | "${ssh_words[@]}" "$unpack"
  fi
}
