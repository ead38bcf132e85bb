#!/bin/sh
# A host of the rig: runs libvirtd in namespaces of its own, with private directories below DIRECTORY. To be started by
# "unshare --mount --net --uts --pid --fork --kill-child --mount-proc"; ends, with every guest, at the end of its
# standard input, and so also when whoever started it is gone.
# Usage: host.sh DIRECTORY HOSTNAME
set -eu
directory=$1
hostname "$2"
mount --bind "$directory/etc" /etc/libvirt
mount --bind "$directory/run" /run
for part in lib cache log; do
  mount --bind "$directory/$part" "/var/$part/libvirt"
done
exec 3<&0 # a command in the background would read /dev/null
libvirtd &
cat <&3 &
wait $! # as the first process here, this shell also takes in what guests leave behind
