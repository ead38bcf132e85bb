#!/bin/bash
# The fold of all host files below a directory, made by GNU parallel: parallel.sh DIRECTORY FLEET.ndjson
# A host that cannot be read stops everything, and FLEET.ndjson stays what it was.
set -euo pipefail
directory=$1 fleet=$2
export COMMAND=${VIRT_MIGRATABLE:-virt-migratable}
# A job fails where any part of its pipe does.
export PARALLEL_SHELL=/bin/bash
unfinished=$(mktemp "$fleet.XXXXXX")
trap 'rm -f "$unfinished"' EXIT
find "$directory" -name '*.xml' -print0 | sort -z |
  parallel --will-cite -0 --max-args "${BATCH:-50}" --jobs "${JOBS:-100%}" --halt now,fail=1 \
    'set -o pipefail; $COMMAND profile --quiet {} | $COMMAND fold --quiet' |
  $COMMAND fold > "$unfinished"
mv "$unfinished" "$fleet"
