#!/usr/bin/env bash
# compare.sh [--shots N] [--test-split NAME] [--tuned] DATA [SET...] has
# Talkgraph and nlp.js learn and judge the same utterances and prints both in a
# table. It needs node and npm; nlp.js is installed beside this script when it is
# not there yet, and nothing is fetched after that.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [[ ! -d $here/node_modules/node-nlp ]]; then
	npm --prefix "$here" ci --no-audit --no-fund >&2
fi
program=$(mktemp -d)
trap 'rm -rf "$program"' EXIT
(cd "$here" && go build -o "$program/talkgraph" ../../cmd/talkgraph)

TALKGRAPH=$program/talkgraph node "$here/compare.js" "$@"
