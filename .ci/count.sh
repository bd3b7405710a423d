# Reads what `dotnet test` left behind. Sourced by .ci/run; tried on canned output by .ci/count-test.

# Every assembly ends with "Passed!  - Failed: 0, Passed: 4, Skipped: 0, Total: 4". Assemblies run side by side and write to one
# stream, so two of these may share a line.
summaries() {
  grep -oE '[A-Za-z]+! +- Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+, Total: +[0-9]+' "$1" || true
}

# $1 log, $2 Passed, Failed or Skipped: its sum over all assemblies.
sum_of() {
  summaries "$1" | grep -oE "$2: +[0-9]+" | awk '{ total += $2 } END { print total + 0 }'
}

# The line that others read: "N passed, N failed", then ", N skipped" when there are any.
counts_line() {
  local skipped
  skipped=$(sum_of "$1" Skipped)
  printf '%s passed, %s failed%s\n' "$(sum_of "$1" Passed)" "$(sum_of "$1" Failed)" "$([ "$skipped" -eq 0 ] || printf ', %s skipped' "$skipped")"
}

# $1 folder of .trx files: "test<TAB>reason" for each skipped test. The console tells names only, so reasons come from here.
skips() {
  find "$1" -name '*.trx' -exec cat {} + 2>/dev/null | awk '
    function between(text, left, right,    from) {
      from = index(text, left)
      if (from == 0) return ""
      text = substr(text, from + length(left))
      return substr(text, 1, index(text, right) - 1)
    }
    /<UnitTestResult / && /outcome="NotExecuted"/ { name = between($0, "testName=\"", "\""); reason = "" }
    name != "" && /<Message>/ { reason = between($0, "<Message>", "</Message>") }
    name != "" && (/<\/UnitTestResult>/ || /outcome="NotExecuted".*\/>/) { print name "\t" reason; name = "" }'
}

# $1 folder of .trx files, then the allowed beginnings of reasons: the skips that none of them allows.
forbidden_skips() {
  local folder=$1 name reason allowed
  shift
  skips "$folder" | while IFS=$'\t' read -r name reason; do
    for allowed in "$@"; do
      [[ $reason == "$allowed"* ]] && continue 2
    done
    printf '%s\t%s\n' "$name" "$reason"
  done
}
