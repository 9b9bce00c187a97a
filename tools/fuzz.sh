#!/usr/bin/env bash
# fuzz.sh TIME PACKAGE...: runs every fuzz target of the packages for TIME each.
# go test fuzzes one target of one package at a time, so this is a loop.
# A failing input is left under the package's testdata/fuzz: commit it with the fix.
set -euo pipefail
time=$1
shift
tags=${TAGS:-}
found=0
for package in $(go list -tags "$tags" -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' "$@"); do
  targets=$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$(go list -f '{{.Dir}}' "$package")"/*_test.go | sed 's/^func //' || true)
  for target in $targets; do
    found=$((found + 1))
    printf '%s %s\n' "$package" "$target"
    go test -vet=off -tags "$tags" -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
  done
done
printf '%d fuzz targets, %s each\n' "$found" "$time"
