# What ./bottle and ./test both need: Node, the packages of package-lock.json, and a build. Sourced, with $root set.

say() { printf '%s\n' "$*" >&2; }

# Only that Node is there: starting it to ask for its version takes longer than all the rest.
need_node() {
  command -v node >/dev/null && return
  say "Netbottle needs Node.js 20.19 or later, and there is no 'node' on the PATH."
  how_to_get_node
  exit 1
}

need_recent_node() {
  node -e 'const [major, minor] = process.versions.node.split("."); process.exit(+major > 20 || (+major === 20 && +minor >= 19) ? 0 : 1)' && return
  say "Netbottle needs Node.js 20.19 or later; $(command -v node) is $(node --version)."
  how_to_get_node
  exit 1
}

how_to_get_node() {
  say
  say 'Two ways to get it:'
  say '  for everybody on this machine   NodeSource packages: https://github.com/nodesource/distributions'
  say '  for you alone, without root     nvm: https://github.com/nvm-sh/nvm, then  nvm install 22'
  say
  say 'The "nodejs" of Debian 12 and of Ubuntu 24.04 is version 18, which is too old.'
}

packages_are_missing() {
  # npm writes this file last; a lock file that is newer means that the packages are of another commit.
  [ ! -e "$root/node_modules/.package-lock.json" ] || [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]
}

# With sudo, what is made in somebody's clone is still to be theirs, or they could not build it again.
as_owner() {
  local owner home
  owner=$(stat -c %U "$root")
  if [ "$(id -u)" != 0 ] || [ "$owner" = root ] || ! home=$(getent passwd "$owner" | cut -d: -f6) || ! command -v runuser >/dev/null; then
    "$@"
  else
    HOME=$home runuser -u "$owner" -- "$@"
  fi
}

# npm ci first empties what is there; through a link, that is the packages of another clone.
refuse_linked_packages() {
  [ -L "$root/node_modules" ] || return 0
  say "$root/node_modules is a symbolic link, and npm ci would empty what it leads to: $(readlink "$root/node_modules")"
  say "Remove the link (rm $root/node_modules) and run this again: the packages are then installed here."
  exit 1
}

install_packages() {
  refuse_linked_packages
  say 'Installing packages (npm ci) ...'
  # No package needs its install script: what is native comes prebuilt.
  (cd "$root" && as_owner npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null) || {
    say "npm ci failed. It needs the npm registry; run it again in $root once that is reachable."
    exit 1
  }
  as_owner touch "$root/node_modules/.package-lock.json"
}

build_is_stale() {
  [ ! -e "$root/dist/bottle.js" ] || [ -n "$(find "$root/src" "$root/schema" "$root/package-lock.json" "$root/package.json" -newer "$root/dist/bottle.js" -print -quit)" ]
}

build() {
  say 'Building ...'
  (cd "$root" && as_owner npm run --silent build >&2) || exit 1
}

# Two at once, in the same clone, would write into each other's files.
with_lock() {
  if command -v flock >/dev/null; then
    exec 9<"$root"
    flock 9
    "$@"
    exec 9>&-
  else
    "$@"
  fi
}

prepare() {
  need_recent_node
  if packages_are_missing; then install_packages; fi
  if build_is_stale; then build; fi
}
