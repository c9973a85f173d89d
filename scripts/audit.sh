#!/usr/bin/env bash
# `trailproof audit` for pipelines: the inputs come in the environment (action.yml), or the files as
# words (.pre-commit-hooks.yaml). Nothing of them is ever read as code.
set -euo pipefail

fail_on="${TRAILPROOF_FAIL_ON:-indeterminate}"
case "$fail_on" in
  non-compliant | indeterminate | never) ;;
  *)
    echo "fail-on is \`$fail_on\`, allowed are non-compliant, indeterminate and never" >&2
    exit 2
    ;;
esac

words=(audit --format "${TRAILPROOF_FORMAT:-text}")
IFS=',' read -r -a kinds <<<"${TRAILPROOF_KINDS:-write}"
for kind in "${kinds[@]}"; do
  words+=(--kind "${kind// /}")
done
while IFS= read -r bucket; do
  if [[ -n "$bucket" ]]; then words+=(--allow-unlogged "$bucket"); fi
done <<<"${TRAILPROOF_ALLOW_UNLOGGED:-}"

paths=("$@")
if [[ ${#paths[@]} -eq 0 ]]; then
  while IFS= read -r path; do
    if [[ -n "$path" ]]; then paths+=("$path"); fi
  done <<<"${TRAILPROOF_PATHS:-.}"
fi
# What begins with a dash is a file here, and never an option.
for path in "${paths[@]}"; do
  if [[ "$path" == -* ]]; then path="./$path"; fi
  words+=("$path")
done

command="${TRAILPROOF_COMMAND:-trailproof}"
output="${TRAILPROOF_OUTPUT:-}"
# The command has variables of such names too, and would take them for its own.
unset TRAILPROOF_COMMAND TRAILPROOF_FAIL_ON TRAILPROOF_FORMAT TRAILPROOF_KINDS TRAILPROOF_OUTPUT
unset TRAILPROOF_PATHS TRAILPROOF_ALLOW_UNLOGGED

code=0
if [[ -n "$output" ]]; then
  "$command" "${words[@]}" >"$output" || code=$?
else
  "$command" "${words[@]}" || code=$?
fi
if [[ -n "${GITHUB_OUTPUT:-}" ]]; then
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
fi

# 1 is a lost event, 3 is what is not known. Anything else but 0 is an error, and always fails.
case "$code/$fail_on" in
  0/* | 1/never | 3/never | 3/non-compliant) exit 0 ;;
  *) exit "$code" ;;
esac
