# Tries every target in the folder and prints one line for each, with tabs between:
# result (ok, fail, unknown), expected verdict (allow, deny), target, what was seen.
set -u
folder=${PROBE_FOLDER:-/probe}
limit=${PROBE_SECONDS:-15}

# Prints what was seen as "<allow|deny|unknown|nameless> <detail>".
measure() {
  case $1 in
    tls) web https "$2" "$3" ;;
    http) web http "$2" "$3" ;;
    connect) connect "$2" "$3" ;;
    dns) ask "$2" "$3" '\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x09microsoft\x03com\x00\x00\x01\x00\x01' ;;
    ntp) ask "$2" "$3" "\\x23$(printf '\\x00%.0s' {1..47})" ;;
    *) echo "unknown not tried: $5" ;;
  esac
}

# The firewall's proxy accepts connections itself: only a TLS handshake or an HTTP status that is not the
# firewall's own 470 shows that the other side was reached. Certificates do not matter here; nothing is sent.
web() {
  local seen code status handshake
  seen=$(curl --silent --globoff --insecure --noproxy '*' --output /dev/null --max-time "$limit" \
    --write-out '%{http_code} %{time_appconnect}' --url "$1://$2:$3/")
  code=$?
  read -r status handshake <<<"$seen"
  if [[ $status == 470 ]]; then
    echo "deny the firewall answered with status 470"
  elif [[ $1 == https && ! $handshake =~ ^[0.]*$ ]]; then
    echo "allow TLS handshake completed, HTTP status $status"
  elif [[ $1 == http && $status != 000 ]]; then
    echo "allow HTTP status $status"
  else
    case $code in
      6) echo "nameless the name does not resolve" ;;
      7) echo "unknown the connection was refused" ;;
      28) echo "deny no answer in $limit s" ;;
      35 | 52 | 55 | 56) echo "deny cut off before an answer (curl exit code $code)" ;;
      *) echo "unknown curl could not try it (exit code $code)" ;;
    esac
  fi
}

connect() {
  # shellcheck disable=SC2016 # the inner shell expands its own arguments
  timeout "$limit" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null
  case $? in
    0) echo "allow connected" ;;
    124) echo "deny no answer in $limit s" ;;
    *) echo "unknown the connection was refused or has no route" ;;
  esac
}

# One datagram out; any answer will do. UDP may get lost, so it is tried twice.
ask() {
  local fd seen attempt
  for attempt in 1 2; do
    if ! { exec {fd}<>"/dev/udp/$1/$2"; } 2>/dev/null; then
      echo "unknown no route"
      return
    fi
    printf '%b' "$3" >&"$fd"
    seen=$(timeout 5 head -c 2 <&"$fd" 2>/dev/null | wc -c)
    exec {fd}>&-
    if ((seen > 0)); then
      echo "allow an answer came (try $attempt)"
      return
    fi
  done
  echo "deny no answer in two tries"
}

try() {
  local expected method host port target reason verdict detail result
  IFS=$'\t' read -r expected method host port target reason <"$1"
  read -r verdict detail < <(measure "$method" "$host" "$port" "$target" "$reason")
  case $verdict:$expected in
    allow:allow | deny:deny) result=ok ;;
    allow:deny | deny:allow | nameless:allow) result=fail ;;
    *) result=unknown ;;
  esac
  printf '%s\t%s\t%s\t%s\n' "$result" "$expected" "$target" "$detail"
}

targets=("$folder"/target-*)
for ((first = 0; first < ${#targets[@]}; first += 8)); do
  running=()
  for file in "${targets[@]:first:8}"; do
    exec {lines}< <(try "$file")
    running+=("$lines")
  done
  for lines in "${running[@]}"; do
    cat <&"$lines"
    exec {lines}<&-
  done
done
