#!/usr/bin/env bash
# Has a real gcloud read every command that deploy/gcp/cluster.sh prints in a dry run. gcloud reads the whole command line
# before it looks for an account; it is given none, and no network (unshare, so Linux only), so it can't do anything.
# Not part of the build: few machines have gcloud, and it takes two seconds a command.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

fail() {
  printf 'parsed-by-gcloud.sh: %s\n' "$*" >&2
  exit 1
}
[ $# -eq 0 ] || fail "it takes no arguments"
command -v gcloud > /dev/null || fail "no gcloud found"
unshare -n true 2> /dev/null || fail "a process without network can't be started here; run it as root on Linux"

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
export CLOUDSDK_CONFIG="$folder/config" CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_CHECK_GCE_METADATA=false
export CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=1 CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=1
mkdir -p "$folder/config" "$folder/state"
touch "$folder/state/ssh-keys" # gcloud reads the files that a command names

{
  "$here/../cluster.sh" make --dry-run --project my-project --state "$folder/state"
  "$here/../cluster.sh" delete --dry-run --project my-project --state "$folder/state"
  # These are not in a dry run: what is asked of an existing cluster, and by ssh.
  printf 'gcloud compute instances start tenure-0 --zone=us-east1-b --project=my-project --quiet\n'
  printf 'gcloud compute instances add-metadata tenure-0 --zone=us-east1-b --metadata-from-file=ssh-keys=%s --project=my-project --quiet\n' \
    "$folder/state/ssh-keys"
  printf 'gcloud compute start-iap-tunnel tenure-0 22 --listen-on-stdin --project=my-project --zone=us-east1-b --verbosity=warning\n'
} | grep '^gcloud ' | sort -u > "$folder/commands"

count=0
while IFS= read -r line; do
  # Printed so that a shell can read it, by our own script.
  words=()
  eval "words=($line)"
  said="$(unshare -n "${words[@]}" 2>&1 < /dev/null)" && fail "it ran, which it must not: $line"
  case "$said" in
    *"do not currently have an active account"*) count=$((count + 1)) ;;
    *) fail "$line: $said" ;;
  esac
done < "$folder/commands"
printf '%s commands read by %s\n' "$count" "$(gcloud version 2> /dev/null | head -n 1)"
