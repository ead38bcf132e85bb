#!/bin/sh
# Plays virsh. The hosts are fake://NAME/system, each with its answers in the folder $ANSWERS; what was asked for goes
# to its file "asked".
printf '%s\n' "$*" >>"$ANSWERS/asked"
host=${2#fake://}
host=${host%%/*}
command=$3
case $host in
silent) exec sleep 60 ;;
gone) printf 'error: failed to connect to the hypervisor\nerror: no route to host\n' >&2 && exit 1 ;;
esac
case $command in
capabilities) sed "s/HOST/$host/" "$ANSWERS/capabilities.xml" ;;
domcapabilities) cat "$ANSWERS/$host.xml" ;;
version) printf 'Running hypervisor: QEMU 7.2.22\nRunning against daemon: 9.0.0\n' ;;
dumpxml) cat "$ANSWERS/defined.xml" && echo ;;
dominfo) cat "$ANSWERS/dominfo" ;;
define) cp "$4" "$ANSWERS/defined.xml" && ls -l "$4" >"$ANSWERS/mode" ;;
esac
