#!/usr/bin/env bash
# A cluster across regions of Google Cloud; see usage below and README.md. Runs on bash 3.2 and up.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
me="deploy/gcp/cluster.sh"
# shellcheck source=deploy/ssh/common.sh
. "$here/../ssh/common.sh"
# shellcheck source=deploy/gcp/options.sh
. "$here/options.sh"

usage() {
  cat << 'END'
usage: deploy/gcp/cluster.sh COMMAND [options]
  make     makes network, firewall rules, disks and machines, as far as they are not there; writes the inventory
  deploy   waits for the machines, copies jars and settings, starts the nodes, prints the status table
  check    prints the status table; exit code 1 if a node does not answer or none leads
  start    starts the nodes
  stop     stops the nodes; machines and disks stay, and cost
  delete   deletes everything that make has made, data included; asks first. Can be run again.

  --name NAME          begins all names; one per cluster in a project (default: tenure)
  --project ID         default: the one that gcloud is configured with
  --regions SET|LIST   gcp3 (us-east1, europe-west1, asia-northeast1; default), gcp3us (us-east1, us-central1, us-west1),
                       gcp5 (all of these), or regions with commas between; the machine is in zone b
  --zones LIST         instead of --regions: a zone for each machine
  --machine-type TYPE  default: e2-standard-2
  --disk-type TYPE     of the data disks (default: pd-ssd)
  --disk-size GB       of the data disks (default: 20)
  --state DIR          for the inventory, the ssh configuration and its key (default: tenure-gcp, below the current folder)
  --user NAME          made on the machines, for ssh (default: tenure-admin)
  --base-port P        node i takes port P+200+i for clients and P+100+i for peers (default: 7000)
  --profile NAME       timing: lan, geo or assignment (default: geo)
  --jvm OPTIONS        for the nodes' JVMs
  --wait SECONDS       for machines to get ready, at most (default: 600)
  --yes                don't ask
  --dry-run            prints every command and runs none
END
}

command="${1:-}"
case "$command" in
  make | deploy | check | start | stop | delete) shift ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    fail "say what to do: make, deploy, check, start, stop or delete, not '$command'"
    ;;
esac
read_options "$@"
check_options
state="${state:-tenure-gcp}"
if [ -e "$state" ] && [ ! -d "$state" ]; then fail "$state is no folder"; fi
# gcloud takes a comma, and ssh a percent sign, for something else.
case "$here$PWD$state" in *[,%=\"]*) fail "the paths of this script and of the --state folder must be without , % = \"" ;; esac
if [ -f "$state/cluster" ]; then
  recall "$state/cluster"
  check_options
fi

# ---------------------------------------------------------------------------------------------- gcloud

gc() { # COMMAND...: in this project, without questions
  run gcloud "$@" "--project=$project" --quiet
}

find_project() {
  [ -z "$project" ] || return 0
  if [ "$dry_run" = yes ]; then
    quoted gcloud config get-value project
    project=PROJECT
    return 0
  fi
  project="$(gcloud config get-value project 2> /dev/null)"
  case "$project" in '' | '(unset)') fail "which project? give --project ID, or: gcloud config set project ID" ;; esac
}

# Everything of this cluster that exists, a line each. Networks know no labels, so what is in the network is known by it; the
# rest by its label. Filtered here: a filter of gcloud's that is misread would list, and delete, what is others'.
list() { # KIND FIELD...: names where the second field is this cluster; fields with commas between
  local fields lines=""
  fields="$(IFS=, && printf '%s' "${*:2}")"
  local kind
  read -r -a kind <<< "$1"
  if [ "$dry_run" = yes ]; then
    gc compute "${kind[@]}" list "--format=csv[no-heading]($fields)" >&3
    return 0
  fi
  lines="$(gc compute "${kind[@]}" list "--format=csv[no-heading]($fields)")" || fail "gcloud could not list $1"
  printf '%s\n' "$lines" | awk -F, -v of="$name" 'NF && $2 == of'
}
exec 3>&1

find_all() {
  networks="$(list networks name name)"
  subnets="$(list "networks subnets" name 'network.basename()' 'region.basename()')"
  firewalls="$(list firewall-rules name 'network.basename()')"
  routers="$(list routers name 'network.basename()' 'region.basename()' 'nats[0].name')"
  disks="$(list disks name labels.tenure 'zone.basename()')"
  instances="$(list instances name labels.tenure 'zone.basename()' status 'networkInterfaces[0].networkIP')"
}

has() { # LINES NAME
  case "
$1" in *"
$2,"*) return 0 ;; esac
  return 1
}

field() { # LINES NAME NUMBER
  printf '%s\n' "$1" | awk -F, -v name="$2" -v number="$3" '$1 == name { print $number }'
}

# ---------------------------------------------------------------------------------------------- make

make() {
  find_project
  if [ "$dry_run" = no ]; then
    mkdir -p "$state"
    chmod 700 "$state"
    remember "$state/cluster"
  fi
  new_key=no
  if [ ! -f "$state/id" ]; then
    new_key=yes
    run ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$state/id"
  fi
  if [ "$dry_run" = no ]; then printf '%s:%s\n' "$user" "$(cat "$state/id.pub")" > "$state/ssh-keys"; fi
  find_all
  local last=$((${#zone_list[@]} - 1)) i region
  local peers="$((base_port + 100))-$((base_port + 100 + last))" clients="$((base_port + 200))-$((base_port + 200 + last))"
  has "$networks" "$name" || gc compute networks create "$name" --subnet-mode=custom
  for ((i = 0; i < ${#region_list[@]}; i++)); do
    region="${region_list[i]}"
    make_region "$region" "$i"
  done
  # Nothing else gets in: a network of one's own refuses all that no rule allows.
  has "$firewalls" "$name-cluster" || gc compute firewall-rules create "$name-cluster" "--network=$name" --direction=INGRESS \
    --action=ALLOW "--rules=tcp:$peers,tcp:$clients" "--source-tags=$name" "--target-tags=$name"
  # The range of Identity-Aware Proxy, which asks for a Google account before it lets ssh through.
  has "$firewalls" "$name-ssh" || gc compute firewall-rules create "$name-ssh" "--network=$name" --direction=INGRESS \
    --action=ALLOW --rules=tcp:22 --source-ranges=35.235.240.0/20 "--target-tags=$name"
  for ((i = 0; i < ${#zone_list[@]}; i++)); do make_machine "$i" "${zone_list[i]}"; done
  write_inventory
}

make_region() { # REGION NUMBER
  local own="$name-$1"
  has "$subnets" "$own" \
    || gc compute networks subnets create "$own" "--network=$name" "--region=$1" "--range=10.70.$2.0/24"
  # Machines without a public address reach the package mirrors through it.
  has "$routers" "$own" || gc compute routers create "$own" "--network=$name" "--region=$1"
  [ "$(field "$routers" "$own" 4)" = "$own" ] || gc compute routers nats create "$own" "--router=$own" "--region=$1" \
    --auto-allocate-nat-external-ips "--nat-custom-subnet-ip-ranges=$own"
}

make_machine() { # ID ZONE
  local own="$name-$1"
  if has "$disks" "$own-data"; then
    [ "$(field "$disks" "$own-data" 3)" = "$2" ] || fail "disk $own-data is in another zone than $2; delete the cluster first"
  else
    gc compute disks create "$own-data" "--zone=$2" "--type=$disk_type" "--size=${disk_size}GB" "--labels=tenure=$name"
  fi
  if has "$instances" "$own"; then
    [ "$(field "$instances" "$own" 3)" = "$2" ] || fail "$own is in another zone than $2; delete the cluster first"
    if [ "$new_key" = yes ]; then
      gc compute instances add-metadata "$own" "--zone=$2" "--metadata-from-file=ssh-keys=$state/ssh-keys"
    fi
    if [ "$(field "$instances" "$own" 4)" = TERMINATED ]; then gc compute instances start "$own" "--zone=$2"; fi
    return 0
  fi
  # TERMINATE: a live migration would stop the monotonic clock while other nodes go on, against what leases assume.
  gc compute instances create "$own" "--zone=$2" "--machine-type=$machine_type" "--subnet=$name-${2%-*}" --no-address \
    --image-family=debian-12 --image-project=debian-cloud --boot-disk-size=10GB --boot-disk-type=pd-balanced \
    "--disk=name=$own-data,device-name=tenure-data,mode=rw,boot=no,auto-delete=no" "--tags=$name" "--labels=tenure=$name" \
    --metadata=enable-oslogin=FALSE,block-project-ssh-keys=TRUE \
    "--metadata-from-file=startup-script=$here/startup.sh,ssh-keys=$state/ssh-keys" \
    --maintenance-policy=TERMINATE --restart-on-failure --no-service-account --no-scopes
}

write_inventory() {
  local i own address folder
  if [ "$dry_run" = yes ]; then
    instances="$(list instances name labels.tenure 'zone.basename()' status 'networkInterfaces[0].networkIP')"
    say "# writes $state/inventory and $state/ssh_config"
    return 0
  fi
  instances="$(list instances name labels.tenure 'zone.basename()' status 'networkInterfaces[0].networkIP')"
  folder="$(cd "$state" && pwd)"
  {
    printf '# Written by %s make: id region address ssh-destination. See deploy/ssh/common.sh.\n' "$me"
    for ((i = 0; i < ${#zone_list[@]}; i++)); do
      own="$name-$i"
      address="$(field "$instances" "$own" 5)"
      [ -n "$address" ] || fail "$own has no address"
      printf '%s %s %s %s\n' "$i" "${zone_list[i]%-*}" "$address" "$own"
    done
  } > "$state/inventory.new"
  mv "$state/inventory.new" "$state/inventory"
  {
    printf '# Written by %s make.\n' "$me"
    for ((i = 0; i < ${#zone_list[@]}; i++)); do
      printf 'Host %s\n  ProxyCommand gcloud compute start-iap-tunnel %s 22 --listen-on-stdin --project=%s --zone=%s --verbosity=warning\n' \
        "$name-$i" "$name-$i" "$project" "${zone_list[i]}"
    done
    printf 'Host *\n  User %s\n  IdentityFile "%s"\n  IdentitiesOnly yes\n' "$user" "$folder/id"
    printf '  UserKnownHostsFile "%s"\n  StrictHostKeyChecking accept-new\n' "$folder/known_hosts"
  } > "$state/ssh_config"
  cat "$state/inventory"
  if [ "$state" = tenure-gcp ]; then say "next: $me deploy"; else say "next: $(quoted "$me" deploy --state "$state")"; fi
}

# ---------------------------------------------------------------------------------------------- deploy, check, start, stop

ready() { # Each machine: disk mounted, JDK installed
  local i answer code deadline=$((SECONDS + wait_seconds))
  # shellcheck disable=SC2016 # a variable of the other side, which tests set there
  local ask='cat "$TENURE_PREFIX/run/tenure/state"'
  for ((i = 0; i < ${#ids[@]}; i++)); do
    if [ "$dry_run" = yes ]; then
      on_host "$i" sh -c "$ask"
      continue
    fi
    say "waiting for ${destinations[i]}"
    while :; do
      code=0
      answer="$(on_host "$i" sh -c "$ask" 2>&1)" || code=$?
      case "$code:$answer" in
        0:ready*) break ;;
        0:failed*) fail "${destinations[i]} is not ready: $answer; there, sudo journalctl -u google-startup-scripts tells more" ;;
      esac
      [ "$SECONDS" -lt "$deadline" ] || fail "${destinations[i]} is not ready after $wait_seconds s: $answer"
      sleep 2
    done
  done
}

over_ssh() { # COMMAND
  if [ ! -f "$state/inventory" ]; then
    [ "$dry_run" = yes ] || fail "there is no $state/inventory; run $me make first"
    # Made up, for the commands to be shown with.
    state="$(mktemp -d)"
    trap 'rm -rf "$state"' EXIT
    local i
    for ((i = 0; i < ${#zone_list[@]}; i++)); do
      printf '%s %s 10.70.%s.2 %s\n' "$i" "${zone_list[i]%-*}" "$i" "$name-$i" >> "$state/inventory"
    done
  fi
  local arguments=("$1" --inventory "$state/inventory" --base-port "$base_port" --cluster-id "$name" --profile "$profile")
  [ -z "$jvm" ] || arguments+=(--jvm "$jvm")
  [ "$dry_run" = no ] || arguments+=(--dry-run)
  if [ "$1" = deploy ]; then
    read_inventory "$state/inventory"
    set_up_ssh "$state/inventory" ""
    ready
  fi
  "$here/../ssh/cluster.sh" "${arguments[@]}"
}

# ---------------------------------------------------------------------------------------------- delete

failed=""
try() { # goes on after a failure, so that as much as possible goes
  gc "$@" || failed="$failed
  $(quoted gcloud "$@")"
}

each() { # LINES FUNCTION: calls it with the fields of each line
  local line fields
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    IFS=, read -r -a fields <<< "$line"
    "$2" "${fields[@]}" < /dev/null
  done <<< "$1"
}
delete_instance() { try compute instances delete "$1" "--zone=$3"; }
delete_disk() { try compute disks delete "$1" "--zone=$3"; }
delete_firewall() { try compute firewall-rules delete "$1"; }
delete_router() { try compute routers delete "$1" "--region=$3"; } # with its NAT
delete_subnet() { try compute networks subnets delete "$1" "--region=$3"; }
delete_network() { try compute networks delete "$1"; }

delete() {
  find_project
  find_all
  if [ "$dry_run" = yes ]; then assume_all; fi
  local all="$instances$disks$firewalls$routers$subnets$networks" kind answer=""
  if [ -n "$all" ] && [ "$dry_run" = no ]; then
    say "In project $project, of cluster $name:"
    for kind in instances disks firewalls routers subnets networks; do
      printf '%s\n' "${!kind}" | awk -F, -v kind="$kind" 'NF { printf "  %-10s %s\n", kind, $1 }'
    done
    if [ "$yes" = no ]; then
      printf 'Delete all of it, data included? Type "yes" to go on: '
      read -r answer || true
      [ "$answer" = yes ] || fail "nothing was deleted"
    fi
  fi
  each "$instances" delete_instance
  each "$disks" delete_disk
  each "$firewalls" delete_firewall
  each "$routers" delete_router
  each "$subnets" delete_subnet
  each "$networks" delete_network
  [ -z "$failed" ] || fail "some of it is still there; run delete again. What failed:$failed"
  [ -n "$all" ] || say "nothing of cluster $name is in project $project"
  forget_state
}

assume_all() { # for a dry run: what make would have made
  local i region own
  networks="$name,$name"
  firewalls="$name-cluster,$name
$name-ssh,$name"
  for region in "${region_list[@]}"; do
    own="$name-$region,$name,$region"
    subnets="$subnets${subnets:+
}$own"
    routers="$routers${routers:+
}$own"
  done
  for ((i = 0; i < ${#zone_list[@]}; i++)); do
    instances="$instances${instances:+
}$name-$i,$name,${zone_list[i]}"
    disks="$disks${disks:+
}$name-$i-data,$name,${zone_list[i]}"
  done
}

forget_state() {
  if [ "$dry_run" = yes ]; then
    quoted rm -f "$state"/{cluster,inventory,ssh_config,ssh-keys,id,id.pub,known_hosts}
    return 0
  fi
  [ -d "$state" ] || return 0
  rm -f "$state"/{cluster,inventory,inventory.new,ssh_config,ssh-keys,id,id.pub,known_hosts,known_hosts.old}
  rmdir "$state" 2> /dev/null || true # stays if somebody else's files are there
}

if [ "$dry_run" = no ]; then
  command -v gcloud > /dev/null || fail "no gcloud found; install the Google Cloud CLI, then: gcloud auth login"
fi
case "$command" in
  make) make ;;
  delete) delete ;;
  *) over_ssh "$command" ;;
esac
