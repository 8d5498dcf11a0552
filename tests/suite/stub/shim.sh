# Stands in for the commands that scripts run: each call goes to the test as it is and the test's answer comes back.
# Sourced through BASH_ENV, where functions save a process per call, and by the commands in `bin/`, which are real ones.
# The folder is written into this file, so that nothing of it is seen in the environment.

stub_call() {
  local code='' out='' err=''
  {
    printf '%s\0' "$1" "$PWD"
    export -p
    printf '\0'
    printf '%s\0' "$#" "$@"
  } >"STUB_FOLDER/request"
  {
    IFS= read -r -d '' code
    IFS= read -r -d '' out
    IFS= read -r -d '' err
  } <"STUB_FOLDER/answer"
  printf '%s' "$out"
  printf '%s' "$err" >&2
  return "$code"
}

az() { stub_call az "$@"; }
kubectl() { stub_call kubectl "$@"; }
getent() { stub_call getent "$@"; }
sleep() { stub_call sleep "$@"; }
