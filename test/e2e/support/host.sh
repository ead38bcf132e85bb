#!/bin/sh
# A host of the rig: runs a libvirt daemon in namespaces of its own, with private directories below DIRECTORY. To be
# started by "unshare --mount --net --uts --pid --fork --kill-child --mount-proc"; ends, with every guest, at the end of
# its standard input, and so also when whoever started it is gone. Daemon and QEMU are those of ROOT; a root directory
# of another release sees what stands beside DIRECTORY, and NODE (for hooks), by the same paths.
# Usage: host.sh DIRECTORY HOSTNAME ROOT DAEMON NODE
set -eu
directory=$1 root=$3 daemon=$4 node=$5
rig=${directory%/*}
hostname "$2"
if [ "$root" != / ]; then
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/tmp"
  mkdir -p "$root$rig" "$root${node%/*}"
  mount --bind "$rig" "$root$rig"
  [ -e "$root$node" ] || : >"$root$node"
  mount --bind "$node" "$root$node"
fi
mount --bind "$directory/etc" "$root/etc/libvirt"
mount --bind "$directory/run" "$root/run"
for part in lib cache log; do
  mount --bind "$directory/$part" "$root/var/$part/libvirt"
done
exec 3<&0 # a command in the background would read /dev/null
chroot "$root" "$daemon" &
cat <&3 &
wait $! # as the first process here, this shell also takes in what guests leave behind
