#!/usr/bin/env bash
# Runs as root at each start of a machine (metadata key startup-script): mounts the data disk, installs a JDK, and says so
# in /run/tenure/state. Nodes are brought by deploy/ssh/cluster.sh and started by systemd.
set -euo pipefail

# Tests put a folder before all paths.
prefix="${TENURE_PREFIX:-}"
state="$prefix/run/tenure/state"
device="$prefix/dev/disk/by-id/google-tenure-data"
data="$prefix/var/lib/tenure"

tell() {
  mkdir -p "$(dirname "$state")"
  printf '%s\n' "$*" > "$state"
}
step="begin"
trap 'tell "failed at: $step"' ERR
tell "preparing"

step="waiting for the data disk"
deadline=$((SECONDS + 60))
until [ -e "$device" ]; do
  [ "$SECONDS" -lt "$deadline" ] || false
  sleep 0.5
done

step="making a file system on the data disk"
# 2: it found nothing. Any other failure is no reason to write over what may be there.
found=0
blkid -p "$device" > /dev/null || found=$?
case "$found" in
  0) ;;
  2) mkfs.ext4 -q -m 0 -E lazy_itable_init=0,lazy_journal_init=0 "$device" ;;
  *) false ;;
esac

step="mounting the data disk"
# In fstab, as the node's unit waits for the mount at the next start; this script may come later.
mkdir -p "$data" "$prefix/etc"
touch "$prefix/etc/fstab"
if ! grep -q " $data " "$prefix/etc/fstab"; then
  printf '%s %s ext4 noatime,nofail,x-systemd.device-timeout=60s 0 2\n' "$device" "$data" >> "$prefix/etc/fstab"
  systemctl daemon-reload
fi
mountpoint -q "$data" || mount "$data"

step="installing a JDK"
if ! command -v java > /dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  # The way out (NAT) may come up after the machine, and its own updates may hold the lock.
  apt-get -q -o Acquire::Retries=10 update
  apt-get -q -o Acquire::Retries=10 -o DPkg::Lock::Timeout=300 install -y --no-install-recommends openjdk-17-jdk-headless
fi

tell "ready"
