#!/usr/bin/env bash
# Puts the native libraries of versions.json into <repository>/.native: fetched once, verified by sha256, kept in a cache
# that all checkouts share, and never asked for again. Safe to run twice at the same time; silent when nothing is to do.
#
#   SEGBATCH_CACHE   the cache; default ${XDG_CACHE_HOME:-~/.cache}/segbatch
#   SEGBATCH_GPU     1: also the CUDA and TensorRT providers; 0: never; default: when this machine has an NVIDIA GPU
set -euo pipefail
shopt -s nullglob

here=$(cd -P -- "${BASH_SOURCE[0]%/*}" && pwd)
native=${here%/eng/native}/.native
versions=$here/versions.json
stamp=$native/installed
work=

say() { printf 'segbatch setup: %s\n' "$*" >&2; }
die() {
  printf 'segbatch setup: %s\n' "$@" >&2
  exit 78
}
have() { command -v "$1" >/dev/null 2>&1; }
sum_of() {
  local line
  line=$(sha256sum -- "$1")
  printf '%s' "${line%% *}"
}

wants_gpu() {
  case ${SEGBATCH_GPU:-auto} in
    1) return 0 ;;
    0) return 1 ;;
    auto) [[ -e /dev/nvidia0 ]] || { have nvidia-smi && nvidia-smi -L >/dev/null 2>&1; } ;;
    *) die "SEGBATCH_GPU is '$SEGBATCH_GPU', expected 0 or 1" ;;
  esac
}

# The stamp's first line names the pinned versions, the others what must still lie in .native. With the GPU's libraries there
# is more than a machine without a GPU needs, which is no reason to change anything.
installed() {
  local lines path
  [[ -r $stamp ]] || return 1
  mapfile -t lines <"$stamp"
  [[ ${lines[0]:-} == "$key" || ${lines[0]:-} == "${key% *} gpu" ]] || return 1
  for path in "${lines[@]:1}"; do
    [[ -s $native/$path ]] || return 1
  done
}

# One line per download: name|package|version|sha256|bytes|when|take, the takes separated by ';'.
downloads() {
  awk '
    function value(line) { sub(/^[^:]*: */, "", line); sub(/,? *$/, "", line); gsub(/"/, "", line); return line }
    /^ *"name":/ { name = value($0) }
    /^ *"package":/ { package = value($0) }
    /^ *"version":/ { version = value($0) }
    /^ *"sha256":/ { sha256 = value($0) }
    /^ *"bytes":/ { bytes = value($0) }
    /^ *"when":/ { when = value($0) }
    /^ *"take":/ {
      take = value($0); gsub(/[][]/, "", take); gsub(/, /, ";", take)
      print name "|" package "|" version "|" sha256 "|" bytes "|" when "|" take
    }' "$versions"
}

# The registry is the one npm is configured with. Without npm, curl asks the one an environment variable names.
fetch() {
  local package=$1 version=$2 folder=$3 log=$work/fetch.log registry
  if have npm; then
    if npm pack --ignore-scripts --loglevel=error --logs-max=0 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 \
      --cache "$work/npm" --pack-destination "$folder" "$package@$version" >"$log" 2>&1; then
      return 0
    fi
  elif have curl; then
    registry=${NPM_CONFIG_REGISTRY:-${npm_config_registry:-}}
    if [[ -z $registry ]]; then
      die "npm is missing, it fetches $package $version." \
        "Install it (Debian, Ubuntu: apt-get install npm), or set NPM_CONFIG_REGISTRY to your registry's address to use curl instead."
    fi
    if curl -fsSL --retry 3 --connect-timeout 20 -o "$folder/package.tgz" \
      "${registry%/}/$package/-/${package##*/}-$version.tgz" >"$log" 2>&1; then
      return 0
    fi
  else
    die "npm is missing, it fetches $package $version. Install it (Debian, Ubuntu: apt-get install npm)."
  fi
  grep -v '^ *$' "$log" | tail -n 8 >&2 || true
  return 1
}

# Extracts what versions.json takes from a verified archive into $2/tree, and notes the sums of the files.
# Every step says '|| return': the caller tests the result, and there 'set -e' does not act.
extract() {
  local archive=$1 folder=$2 takes=$3 take from to base
  local list=()
  mkdir -p "$folder/package" "$folder/tree" || return
  IFS=';' read -ra list <<<"$takes"
  for take in "${list[@]}"; do
    from=${take%% -> *} to=${take##* -> }
    tar -xzmf "$archive" -C "$folder/package" --no-same-owner --strip-components=1 --wildcards "package/${from//\*\*\//}" || return
    case $to in
      */)
        base=${from%%\**}
        mkdir -p "$folder/tree/$to" && cp -R "$folder/package/${base%/*}/." "$folder/tree/$to" || return
        ;;
      *)
        mkdir -p "$folder/tree/${to%/*}" && mv "$folder/package/$from" "$folder/tree/$to" || return
        ;;
    esac
  done
  rm -rf "$folder/package"
  chmod -R u=rwX,go=rX "$folder/tree" || return
  (cd "$folder/tree" && find . -type f -exec sha256sum {} +) >"$folder/SHA256SUMS"
}

# Leaves a verified tree in the cache and sets $entry to its folder.
entry=
provide() {
  local name=$1 package=$2 version=$3 sha256=$4 bytes=$5 when=$6 takes=$7
  local file archive found given=
  file=${package#@}
  file=${file//\//-}-$version.tgz
  entry=$cache/native/$name-$version-${sha256:0:12}
  if [[ -f $entry/SHA256SUMS ]]; then
    if (cd "$entry/tree" && sha256sum --quiet --check ../SHA256SUMS) >/dev/null 2>&1; then
      return
    fi
    say "$entry is damaged; fetching it again"
    rm -rf "$entry"
  fi

  mkdir -p "$work/$name/download"
  archive=$cache/downloads/$file
  if [[ -f $archive ]]; then
    given=1
    say "using $archive"
  else
    say "fetching $package $version ($((bytes / 1000000)) MB) ..."
    if ! fetch "$package" "$version" "$work/$name/download"; then
      local hint="then run again; it is verified by its sha256 $sha256."
      [[ $when == gpu ]] && hint="$hint Or set SEGBATCH_GPU=0 to go on without the GPU."
      die "could not fetch $package $version (see above)." \
        "On a machine without network put the file, as 'npm pack $package@$version' writes it elsewhere, to" \
        "  $archive" "$hint"
    fi
    local archives=("$work/$name/download"/*.tgz)
    archive=${archives[0]:-}
    [[ -n $archive ]] || die "fetching $package $version left no archive"
  fi

  found=$(sum_of "$archive")
  if [[ $found != "$sha256" ]]; then
    local advice="The registry, or something on the way, serves another file than the one that was reviewed."
    [[ -z $given ]] || advice="Remove $archive and run again."
    die "$package $version is not the file that was pinned; nothing of it was used." \
      "  expected sha256 $sha256" "  found    sha256 $found" "$advice"
  fi
  extract "$archive" "$work/$name" "$takes" || die "$package $version lacks a file that versions.json names, or the disk is full"
  rm -rf "$work/$name/download"
  mv -T "$work/$name" "$entry"
}

# .native holds hard links into the cache where both lie on one file system, copies elsewhere.
assemble() {
  local new=$native/.new top
  rm -rf "$new" "$native/.old"
  mkdir -p "$new" "$native/.old"
  for entry in "$@"; do
    cp -Rl "$entry/tree/." "$new/" 2>/dev/null || cp -Rf "$entry/tree/." "$new/"
  done
  rm -f "$stamp"
  for top in "$new"/*; do
    [[ ! -e $native/${top##*/} ]] || mv -T "$native/${top##*/}" "$native/.old/${top##*/}"
    mv -T "$top" "$native/${top##*/}"
  done
  rm -rf "$new" "$native/.old"
}

variant=cpu
if wants_gpu; then variant=gpu; fi
key="$(sum_of "$versions") $variant"
if installed; then exit 0; fi

[[ $(uname -sm) == "Linux x86_64" ]] || die "this machine is $(uname -sm); the pinned native libraries are for Linux x86_64"
for tool in tar gzip awk flock sha256sum find; do
  have "$tool" || die "$tool is missing, set-up needs it"
done
cache=${SEGBATCH_CACHE:-${XDG_CACHE_HOME:-${HOME:?set HOME or SEGBATCH_CACHE}/.cache}/segbatch}
mkdir -p "$cache/native" "$cache/downloads" || die "cannot write the cache $cache: set SEGBATCH_CACHE to a folder that can be written"
cache=$(cd -P -- "$cache" && pwd)
mkdir -p "$native" || die "cannot write $native"

exec 8>"$cache/lock" 9>"$native/.lock"
if ! { flock -n 9 && flock -n 8; }; then
  say "waiting for another set-up to finish"
  flock 9
  flock 8
fi
if installed; then exit 0; fi

find "$cache/native" -maxdepth 1 -name '.work.*' -exec rm -rf {} + # left by a set-up that was killed: the lock is ours
work=$(mktemp -d "$cache/native/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

entries=()
while IFS='|' read -r -u 7 name package version sha256 bytes when takes; do
  [[ $when == always || $when == "$variant" ]] || continue
  [[ $sha256 =~ ^[0-9a-f]{64}$ ]] || die "versions.json: no sha256 for $name"
  provide "$name" "$package" "$version" "$sha256" "$bytes" "$when" "$takes"
  entries+=("$entry")
done 7< <(downloads)
[[ ${#entries[@]} -gt 0 ]] || die "versions.json names no download"

assemble "${entries[@]}"
{
  printf '%s\n' "$key"
  for entry in "${entries[@]}"; do
    sed -n -E 's/^[0-9a-f]{64}  \.\/(.*\.so|.*LICENSE|.*InferenceSession\.shared\.cs)$/\1/p' "$entry/SHA256SUMS"
  done
} >"$stamp.new"
mv "$stamp.new" "$stamp"
say "native libraries are in place ($variant)"
