#!/usr/bin/env bash
# Makes sure that what comes from the system is there: FFmpeg 5.1 (libraries, and the tool for clips), FreeType, a font, npm
# where native libraries are still to be fetched. As root on Debian and Ubuntu it installs what is missing; otherwise it says
# the one command to run and ends with 78. Silent and quick when nothing is missing.
#
#   --dev   also headers and a C compiler, for the tests that compare struct layouts with them; never a reason to fail
set -euo pipefail

here=${BASH_SOURCE[0]%/*}
dev=
[[ ${1:-} != --dev ]] || dev=1

say() { printf 'segbatch setup: %s\n' "$*" >&2; }
die() {
  printf 'segbatch setup: %s\n' "$@" >&2
  exit 78
}
have() { command -v "$1" >/dev/null 2>&1; }

# Where the loader looks: LD_LIBRARY_PATH, the usual folders, then its own cache.
has_library() {
  local folder folders=()
  IFS=: read -ra folders <<<"${LD_LIBRARY_PATH:-}"
  for folder in "${folders[@]}" /usr/lib/x86_64-linux-gnu /lib/x86_64-linux-gnu /usr/local/lib /usr/lib64 /usr/lib; do
    [[ -n $folder && -e $folder/$1 ]] && return
  done
  PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q -F -- "$1 "
}
has_header() { [[ -e /usr/include/x86_64-linux-gnu/$1 || -e /usr/include/$1 ]]; }
has_font() { compgen -G '/usr/share/fonts/truetype/dejavu/DejaVuSans*.ttf' >/dev/null || compgen -G '/usr/share/fonts/*/*/*.ttf' >/dev/null; }

# Names of packages as Debian 12 has them.
missing() {
  has_library libavformat.so.59 || echo libavformat59
  has_library libavcodec.so.59 || echo libavcodec59
  has_library libavutil.so.57 || echo libavutil57
  has_library libswscale.so.6 || echo libswscale6
  has_library libfreetype.so.6 || echo libfreetype6
  have ffmpeg || echo ffmpeg
  has_font || echo fonts-dejavu-core
  if ! have npm && [[ ! -e $here/../../.native/installed ]] && ! { have curl && [[ -n ${NPM_CONFIG_REGISTRY:-${npm_config_registry:-}} ]]; }; then
    echo npm
  fi
}

missing_dev() {
  has_header libavformat/avformat.h || echo libavformat-dev
  has_header libavcodec/avcodec.h || echo libavcodec-dev
  has_header libavutil/avutil.h || echo libavutil-dev
  has_header libswscale/swscale.h || echo libswscale-dev
  has_header freetype2/ft2build.h || echo libfreetype-dev
  have gcc || echo gcc libc6-dev
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}

# Package lists are refreshed only when the first try fails: in a fresh container there are none, elsewhere they are often good.
install() {
  local log
  log=$(mktemp)
  say "installing $* (apt-get) ..."
  if ! apt_install "$@" >"$log" 2>&1; then
    apt-get -q -o DPkg::Lock::Timeout=300 update >"$log" 2>&1 || true
    if ! apt_install "$@" >>"$log" 2>&1; then
      tail -n 8 "$log" >&2
      rm -f "$log"
      return 1
    fi
  fi
  rm -f "$log"
}

mapfile -t packages < <(missing)
if [[ ${#packages[@]} -gt 0 ]]; then
  have apt-get || die "missing: ${packages[*]} (Debian's names)." \
    "This system has no apt-get: install FFmpeg 5.1 (libavcodec.so.59), FreeType and a TrueType font its own way," \
    "or put the libraries in a folder that LD_LIBRARY_PATH names."
  if [[ $EUID -ne 0 ]]; then
    die "missing: ${packages[*]}. Run this once, then again what you ran:" \
      "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}"
  fi
  if ! install "${packages[@]}"; then
    die "could not install: ${packages[*]} (see above)." \
      "FFmpeg 5.1 comes with Debian 12; on a release with another FFmpeg run SegBatch in a container of Debian 12," \
      "or put FFmpeg 5.1's libraries in a folder that LD_LIBRARY_PATH names."
  fi
  mapfile -t packages < <(missing)
  [[ ${#packages[@]} -eq 0 ]] || die "installed, yet still missing: ${packages[*]}. Is this machine x86_64?"
fi

if [[ -n $dev ]]; then
  mapfile -t packages < <(missing_dev)
  if [[ ${#packages[@]} -gt 0 ]]; then
    read -ra packages <<<"${packages[*]}"
    if [[ $EUID -ne 0 ]] || ! have apt-get; then
      say "without ${packages[*]} the tests of struct layouts are skipped"
    elif ! install "${packages[@]}"; then
      say "could not install ${packages[*]}: the tests of struct layouts are skipped"
    fi
  fi
fi
