#!/bin/sh
# Plays virsh. The hosts are fake://NAME/system, each with its answers in the folder $ANSWERS; what was asked for goes
# to its file "asked".
printf '%s\n' "$*" >>"$ANSWERS/asked"
case $* in
*'list --all --name')
  [ -e "$ANSWERS/list" ] && cat "$ANSWERS/list" && exit
  printf 'guest\n\n' && exit
  ;;
*'--domain lost') printf "error: failed to get domain 'lost'\n" >&2 && exit 1 ;;
esac
host=${2#fake://}
host=${host#*@}
host=${host%%/*}
command=$3
case $host in
silent) exec sleep 600 ;;
stubborn)
  trap '' TERM
  sleep 600 &
  printf '%s %s\n' "$$" "$!" >"$ANSWERS/pids"
  wait
  wait
  ;;
gone) printf 'error: failed to connect to the hypervisor\nerror: no route to %s\n' "$2" >&2 && exit 1 ;;
noisy) head -c 100000 /dev/zero | tr '\0' x >&2 && exit 1 ;;
hostile) printf 'error: \033[31mred\302\233 \342\200\256 word\n' >&2 && exit 1 ;;
endless) exec yes ;;
daemon) [ "$command" = version ] && (sleep 600 & printf '%s\n' "$!" >"$ANSWERS/pids") >/dev/null ;;
esac
case $command in
capabilities) sed "s/UUID/$(printf %s "$host" | md5sum | cut -c 1-32)/" "$ANSWERS/capabilities.xml" ;;
domcapabilities)
  case "$host $*" in 'new '*--expand*) [ -z "$REFUSES" ] || { echo 'error: unsupported flags (0x2)' >&2 && exit 1; } ;; esac
  cat "$ANSWERS/$host.xml"
  ;;
version)
  [ "$host" != new ] || version=12.2.0
  printf 'Using library: libvirt %s\n' "${VIRSH_VERSION:-9.0.0}"
  printf 'Running hypervisor: QEMU 7.2.22\nRunning against daemon: %s\n' "${version:-9.0.0}"
  ;;
dumpxml)
  case $* in *nobody*) printf "error: failed to get domain 'nobody'\n" >&2 && exit 1 ;; esac
  for name; do :; done
  [ -e "$ANSWERS/$name.xml" ] && cat "$ANSWERS/$name.xml" && echo && exit
  cat "$ANSWERS/defined.xml" && echo
  ;;
dominfo) cat "$ANSWERS/dominfo" ;;
define) cp "$4" "$ANSWERS/defined.xml" && ls -l "$4" >"$ANSWERS/mode" ;;
esac
