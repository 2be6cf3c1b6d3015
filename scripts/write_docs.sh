#!/usr/bin/env bash
# Writes the tables of options in docs/cli.md from what the programs print.
#
#   scripts/write_docs.sh [FOLDER OF THE PROGRAMS]
#
# Without an argument it runs the programs in build/release/bin, which must be built. A table stands between a
# line <!-- PROGRAM --help-markdown GROUP,... -->, the command that prints it, and a line <!-- end -->. A test
# fails if the page differs from what this script would write.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help)
    print_help
    exit 0
    ;;
esac
programs=${1:-build/release/bin}
page=docs/cli.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT

inside=0
while IFS= read -r line || [[ -n $line ]]; do
  if [[ $line == '<!-- end -->' ]]; then inside=0; fi
  if ((!inside)); then printf '%s\n' "$line"; fi
  if [[ $line =~ ^'<!-- '(fer-.* --help-markdown .*)' -->'$ ]]; then
    inside=1
    read -r -a words <<<"${BASH_REMATCH[1]}"
    printf '\n'
    "$programs/${words[0]}" "${words[@]:1}"
    printf '\n'
  fi
done <"$page" >"$new"
((!inside)) || die "$page: a table has no line <!-- end --> behind it"
if cmp -s "$new" "$page"; then
  echo "$page is up to date"
else
  cat "$new" >"$page"
  echo "$page: tables written anew"
fi
