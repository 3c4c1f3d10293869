#!/usr/bin/env bash
# Prints the folder of a kernel of Debian's: `vmlinuz`, `release` (its name) and `lib/modules`. Fetched once, then kept in the cache of the user.
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/netbottle/stock-kernel
say() { printf '%s\n' "$*" >&2; }

[ "$(uname -m)" = x86_64 ] || { say 'The stock kernel is for x86-64 only.'; exit 1; }
mkdir -p "$cache"
exec 9> "$cache/lock"
flock 9

kept() { find "$cache" -mindepth 2 -maxdepth 2 -name release -printf '%h\n' | sort -V | tail -n 1; }
kernel=$(kept)
if [ -n "$kernel" ]; then
  echo "$kernel"
  exit
fi

# The package by this name only leads to the newest one.
newest() { apt-cache depends linux-image-cloud-amd64 2> /dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }'; }

download() {
  local package
  package=$(newest)
  [ -n "$package" ] || return 1
  say "Fetching $package into $cache ..."
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download "$package" >&2)
}

part=$cache/part
rm -rf "$part"
mkdir "$part"
# Lists of packages may be missing, or so old that what they name is gone; mirrors are sometimes busy.
attempt=1
until download "$part"; do
  if [ "$attempt" = 4 ]; then
    say 'The stock kernel comes from the package linux-image-cloud-amd64 of Debian, which apt-get could not download.'
    exit 1
  fi
  sleep $((attempt * 5 - 5))
  attempt=$((attempt + 1))
  apt-get -qq update >&2 || :
done
dpkg-deb --extract "$part"/*.deb "$part/root"
release=$(ls "$part/root/lib/modules")
mkdir "$part/kernel"
mv "$part/root/boot/vmlinuz-$release" "$part/kernel/vmlinuz"
mv "$part/root/lib" "$part/kernel/lib"
PATH=$PATH:/usr/sbin:/sbin depmod --basedir "$part/kernel" "$release"
echo "$release" > "$part/kernel/release"
mv "$part/kernel" "$cache/$release"
rm -rf "$part"
kept
