#!/usr/bin/env bash
# setup.sh compile: what compiling and the unit tests need (C compiler, SQLite, openssl, curl).
# setup.sh programs: other people's programs, which docs/integrate.md connects.
# setup.sh browser: what the stories in a browser need (driver, browser, Japanese
#                   glyphs, the accessibility rules).
#
# Nothing is touched that is there already: on a machine that has everything
# this takes a second. On Debian, as root or with a sudo that asks nothing, the
# browser is Debian's headless shell; everywhere else it is Playwright's own.
# The tests find all of it by themselves (see stage_test.go).
set -euo pipefail
cd "$(dirname "$0")/.."

openid_client_versions=(5.7.1 6.8.9)
axe_version=4.14.1
axe_sha256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
case $(uname) in
Darwin) cache=$HOME/Library/Caches ;;
*) cache=$HOME/.cache ;;
esac

say() { printf 'setup: %s\n' "$*" >&2; }

# lacking REASON: in continuous integration nothing may be missing; elsewhere
# the tests that need it skip and say so.
lacking() {
  say "$1"
  if [ "${CI:-}" = true ]; then exit 1; fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# apt_install PACKAGE...: one try with the lists that are here, a second one
# with fresh lists.
apt_install() {
  can_apt || return 1
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq
    --no-install-recommends -o DPkg::Lock::Timeout=300 "$@")
  say "apt-get install $*"
  as_root "${install[@]}" >/dev/null 2>&1 && return 0
  as_root apt-get update -qq -o DPkg::Lock::Timeout=300 && as_root "${install[@]}" >/dev/null
}

compile() {
  local want=()
  command -v cc >/dev/null || want+=(gcc libc6-dev)
  [ -e /usr/include/sqlite3.h ] || [ "$(uname)" != Linux ] || want+=(libsqlite3-dev)
  command -v openssl >/dev/null || want+=(openssl)
  command -v curl >/dev/null || want+=(curl)
  [ ${#want[@]} = 0 ] && return 0
  apt_install "${want[@]}" || lacking "could not install ${want[*]}"
}

# The Debian packages of docs/integrate.md, which are small, and one npm package in two versions, kept
# in the user's cache. Elsewhere than on Debian what is there is tried.
programs() {
  local want=() pair version modules
  for pair in jq:jq certtool:gnutls-bin certutil:libnss3-tools gpgsm:gpgsm dirmngr:dirmngr faketime:faketime javac:openjdk-17-jdk-headless; do
    command -v "${pair%%:*}" >/dev/null || want+=("${pair#*:}")
  done
  # Debian starts these servers at once: not on the machine of somebody who runs the tests.
  if [ "${CI:-}" = true ]; then
    PATH=$PATH:/usr/sbin command -v nginx >/dev/null || want+=(nginx)
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || want+=(postgresql)
    PATH=$PATH:/usr/sbin command -v pcscd >/dev/null || want+=(pcscd)
    [ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ] || want+=(vsmartcard-vpcd)
    command -v opensc-tool >/dev/null || want+=(opensc)
    compgen -G '/usr/lib/*/engines-3/pkcs11.so' >/dev/null || want+=(libengine-pkcs11-openssl)
    /usr/bin/python3 -c 'import smartcard' 2>/dev/null || want+=(python3-pyscard)
  fi
  /usr/bin/python3 -c 'import authlib, cryptography, requests' 2>/dev/null ||
    want+=(python3-authlib python3-cryptography python3-requests)
  [ ${#want[@]} = 0 ] || apt_install "${want[@]}" || lacking "could not install ${want[*]}"
  for version in "${openid_client_versions[@]}"; do
    modules=$cache/jpkimock/openid-client-$version
    [ -d "$modules/node_modules/openid-client" ] && continue
    command -v npm >/dev/null || { lacking "no npm: openid-client is not tried"; return 0; }
    mkdir -p "$modules"
    (cd "$modules" && npm install --silent --ignore-scripts --no-audit --no-fund --prefix . \
      "openid-client@$version" >/dev/null) || lacking "could not install openid-client $version"
  done
}

# The node on the path if Playwright can use it; else the driver brings its own.
own_node() {
  local node
  node=$(command -v node) || return 0
  if [ "$("$node" -p 'process.versions.node.split(".")[0] >= 20')" = true ]; then
    export PLAYWRIGHT_NODEJS_PATH=${PLAYWRIGHT_NODEJS_PATH:-$node}
  fi
}

driver() {
  local version folder packed
  go mod download github.com/mxschmitt/playwright-go
  version=$(sed -n 's/.*playwrightCliVersion *= *"\(.*\)".*/\1/p' \
    "$(go list -m -f '{{.Dir}}' github.com/mxschmitt/playwright-go)/run.go")
  folder=${PLAYWRIGHT_DRIVER_PATH:-$cache/ms-playwright-go/$version}
  export PLAYWRIGHT_DRIVER_PATH=$folder
  own_node
  # A download that broke off leaves a folder that every later run refuses.
  if [ -d "$folder/package" ] && [ -z "${PLAYWRIGHT_NODEJS_PATH:-}" ] && [ ! -x "$folder/node" ]; then
    rm -rf "$folder"
  fi
  timeout 240 go tool playwright --version >/dev/null 2>&1 && return 0
  say "driver: taking playwright-core@$version with npm"
  command -v npm >/dev/null || { lacking "no Playwright driver and no npm"; return 0; }
  rm -rf "$folder"
  mkdir -p "$folder"
  packed=$(mktemp -d)
  (cd "$packed" && npm pack --silent "playwright-core@$version" >/dev/null)
  tar -xzf "$packed"/playwright-core-*.tgz -C "$folder"
  rm -rf "$packed"
  go tool playwright --version >/dev/null || lacking "the Playwright driver does not run"
}

browser() {
  local own=${PLAYWRIGHT_BROWSERS_PATH:-$cache/ms-playwright} name
  for name in "${E2E_CHROMIUM:-chromium-headless-shell}" chromium; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  if ! compgen -G "$own/chromium_headless_shell-*" >/dev/null && apt_install chromium-headless-shell; then return 0; fi
  say "browser: Playwright's own"
  if timeout 300 go tool playwright install --only-shell chromium; then
    if can_apt; then as_root env "PATH=$PATH" go tool playwright install-deps chromium || say "libraries of the browser may be missing"; fi
  else
    apt_install chromium || lacking "no browser"
  fi
}

hash_of() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

glyphs() {
  if [ -n "$(fc-list :lang=ja 2>/dev/null | head -1)" ]; then return 0; fi
  apt_install fonts-noto-cjk fontconfig || say "no Japanese font: screenshots will show boxes"
}

# The accessibility rules are a file of the npm package axe-core, checked by its
# hash and kept in the user's cache, never in the repository.
axe() {
  local file=$cache/jpkimock/axe-core-$axe_version/axe.min.js packed
  if [ -e "$file" ] && [ "$(hash_of "$file")" = "$axe_sha256" ]; then return 0; fi
  command -v npm >/dev/null || { lacking "no npm: pages are not checked for accessibility"; return 0; }
  packed=$(mktemp -d)
  (cd "$packed" && npm pack --silent "axe-core@$axe_version" >/dev/null && tar -xzf ./*.tgz package/axe.min.js)
  if [ "$(hash_of "$packed/package/axe.min.js")" != "$axe_sha256" ]; then
    rm -rf "$packed"
    say "axe-core@$axe_version is not the file it was"
    exit 1
  fi
  mkdir -p "$(dirname "$file")"
  mv "$packed/package/axe.min.js" "$file"
  rm -rf "$packed"
}

case ${1:-} in
compile) compile ;;
programs) programs ;;
browser)
  glyphs
  driver
  browser
  axe
  ;;
*)
  say "usage: setup.sh compile | programs | browser"
  exit 2
  ;;
esac
