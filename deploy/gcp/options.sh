# shellcheck shell=bash disable=SC2034,SC2154
# Options of deploy/gcp/cluster.sh, and what they mean. Sourced; runs on bash 3.2 and up.

name=tenure
project=""
regions=gcp3
zones=""
machine_type=e2-standard-2
disk_type=pd-ssd
disk_size=20
state=""
user=tenure-admin
base_port=7000
profile=geo
jvm=""
wait_seconds=600
yes=no

read_options() { # of the command line
  while [ $# -gt 0 ]; do
    case "$1" in
      --name | --project | --regions | --zones | --machine-type | --disk-type | --disk-size | --state | --user | --base-port \
        | --profile | --jvm | --wait)
        [ $# -ge 2 ] || fail "$1 needs a value"
        case "$1" in
          --name) name="$2" ;;
          --project) project="$2" ;;
          --regions) regions="$2" ;;
          --zones) zones="$2" ;;
          --machine-type) machine_type="$2" ;;
          --disk-type) disk_type="$2" ;;
          --disk-size) disk_size="$2" ;;
          --state) state="$2" ;;
          --user) user="$2" ;;
          --base-port) base_port="$2" ;;
          --profile) profile="$2" ;;
          --jvm) jvm="$2" ;;
          --wait) wait_seconds="$2" ;;
        esac
        given="$given $1"
        shift 2
        ;;
      --yes)
        yes=yes
        shift
        ;;
      --dry-run)
        dry_run=yes
        shift
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
}
given=""
was_given() { # OPTION
  case "$given " in *" $1 "*) return 0 ;; esac
  return 1
}

matches() { printf '%s\n' "$1" | LC_ALL=C grep -Eqx "$2"; } # VALUE REGEX; of one line only

check_options() {
  # Names of machines and subnets begin with it and must not be longer than 63 characters.
  matches "$name" '[a-z]([a-z0-9-]{0,18}[a-z0-9])?' || fail "--name takes up to 20 small letters, digits and dashes, not '$name'"
  [ -z "$project" ] || matches "$project" '([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]' || fail "'$project' is no id of a project"
  matches "$machine_type" '[a-z0-9]+(-[a-z0-9]+)+' || fail "'$machine_type' is no machine type such as e2-standard-2"
  case "$disk_type" in
    pd-standard | pd-balanced | pd-ssd) ;;
    *) fail "--disk-type must be pd-standard, pd-balanced or pd-ssd, not '$disk_type'" ;;
  esac
  number --disk-size "$disk_size" 10 65536
  number --base-port "$base_port" 1024 55000
  number --wait "$wait_seconds" 1 7200
  matches "$user" '[a-z_][a-z0-9_-]{0,31}' || fail "'$user' is no name of a user"
  case "$profile" in lan | geo | assignment) ;; *) fail "--profile must be lan, geo or assignment, not '$profile'" ;; esac
  if was_given --regions && was_given --zones; then fail "give --regions or --zones, not both"; fi
  set_zones
}

# One machine in each zone, in this order: node 0 is in the first.
set_zones() {
  case "$regions" in
    gcp3) list="us-east1,europe-west1,asia-northeast1" ;;
    gcp3us) list="us-east1,us-central1,us-west1" ;;
    gcp5) list="us-east1,us-central1,us-west1,europe-west1,asia-northeast1" ;;
    *) list="$regions" ;;
  esac
  if [ -n "$zones" ]; then list="$zones"; fi
  IFS=, read -r -a places <<< "$list"
  [ "${#places[@]}" -gt 0 ] || fail "no region is named"
  [ "${#places[@]}" -le 9 ] || fail "${#places[@]} machines are more than 9"
  zone_list=()
  region_list=()
  for place in "${places[@]}"; do
    if [ -n "$zones" ]; then
      matches "$place" '[a-z]+-[a-z]+[0-9]+-[a-z]' || fail "'$place' is no zone such as us-east1-b"
    else
      matches "$place" '[a-z]+-[a-z]+[0-9]+' || fail "'$place' is no region such as us-east1, and none of gcp3, gcp3us, gcp5"
      place="$place-b" # each of the regions above has a zone b
    fi
    zone_list+=("$place")
    case " ${region_list[*]-} " in *" ${place%-*} "*) ;; *) region_list+=("${place%-*}") ;; esac
  done
}

# What `make` was told is remembered for the other commands.
remembered="name project zones user base_port profile jvm"

remember() { # FILE
  local key
  zones="$(IFS=, && printf '%s' "${zone_list[*]}")"
  for key in $remembered; do printf '%s %s\n' "$key" "${!key}"; done > "$1"
}

recall() { # FILE: an option of the command line must not contradict it
  local key value option file_zones=""
  while read -r key value; do
    case " $remembered " in *" $key "*) ;; *) fail "$1: '$key' is unknown" ;; esac
    option="--$(printf '%s' "$key" | tr _ -)"
    if was_given "$option" && [ "${!key}" != "$value" ] && [ "$key" != profile ] && [ "$key" != jvm ]; then
      fail "$option is $value in $1, not ${!key}; take another folder with --state for another cluster"
    fi
    if [ "$key" = zones ]; then file_zones="$value"; fi
    if ! was_given "$option" && [ "$key" != zones ]; then printf -v "$key" '%s' "$value"; fi
  done < "$1"
  if was_given --regions; then
    set_zones
    zones="$(IFS=, && printf '%s' "${zone_list[*]}")"
    [ "$zones" = "$file_zones" ] || fail "the machines of $1 are in $file_zones, not in $zones; take another folder with --state"
  fi
  zones="$file_zones"
}
