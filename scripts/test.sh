#!/usr/bin/env bash
# Every check and test there is. Installs what they need, and ends in one line: N passed, N failed.
#   ./test            everything
#   ./test unit       the tests beside the code
#   ./test kernel     the tests on the real kernel (root)
#   ./test PATTERN    the tests in files whose path contains PATTERN
#   --yes             installs missing system packages without asking (so does CI=true)
set -eu

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=${root%/scripts}
. "$root/scripts/prepare.sh"

consent=${CI:-false}
arguments=()
for argument in "$@"; do
  case $argument in
    --yes | -y) consent=true ;;
    *) arguments+=("$argument") ;;
  esac
done

# A program of each Debian package that the tests use. nftables brings libnftables1 along.
programs='ip:iproute2 nft:nftables pasta:passt newuidmap:uidmap tcpdump:tcpdump ping:iputils-ping traceroute:traceroute
  unshare:util-linux flock:util-linux ps:procps python3:python3'

missing_packages() {
  local entry
  for entry in $programs; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${entry%%:*}" >/dev/null || printf '%s\n' "${entry##*:}"
  done | sort -u
}

# Mirrors are sometimes busy.
retry() {
  local attempt
  for attempt in 1 2 3 4; do
    "$@" && return
    say "$1 failed (attempt $attempt of 4); once more in $((attempt * 5)) s"
    sleep $((attempt * 5))
  done
  "$@"
}

install_system_packages() {
  local packages
  packages=$(missing_packages | tr '\n' ' ')
  [ -n "$packages" ] || return 0
  if [ "$consent" != true ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "The tests need these Debian packages, which are not installed: $packages"
    say "Install them with:  sudo apt-get install $packages"
    say 'or run ./test --yes as root, which does it.'
    exit 1
  fi
  say "Installing Debian packages: $packages"
  export DEBIAN_FRONTEND=noninteractive
  retry apt-get -qq update
  # shellcheck disable=SC2086
  retry apt-get -qq -y --no-install-recommends install $packages >/dev/null
}

if [ "${arguments[0]:-}" != unit ]; then install_system_packages; fi
need_node
with_lock prepare
cd "$root"
exec node_modules/.bin/jiti scripts/test.ts ${arguments[@]+"${arguments[@]}"}
