# SPDX-License-Identifier: BSL-1.0
# need PACKAGE...: makes sure that Debian packages are installed. To be sourced.
# Says what it installs; works as root or with sudo; elsewhere than on Debian it names what is missing.

need() {
  if ! command -v dpkg-query >/dev/null; then
    need_elsewhere "$@"
    return
  fi
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "error: these packages are missing, and installing them needs root or sudo: ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "Installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Without dpkg: checks the programs and headers that the packages bring.
need_elsewhere() {
  local package absent=()
  for package in "$@"; do
    case $package in
      g++) command -v g++ >/dev/null || absent+=("g++ (12 or newer)") ;;
      cmake) command -v cmake >/dev/null || absent+=("CMake (3.25 or newer)") ;;
      ninja-build) command -v ninja >/dev/null || absent+=("Ninja") ;;
      python3) command -v python3 >/dev/null || absent+=("Python 3") ;;
      *) echo "note: not a Debian system; Debian's package '$package' must be there under its own name" >&2 ;;
    esac
  done
  if [ ${#absent[@]} -gt 0 ]; then
    printf 'error: please install: %s\n' "${absent[@]}" >&2
    exit 1
  fi
}

# What the command `ctnn` is built from.
tool_packages=(libcli11-dev libonnx-dev libprotobuf-dev protobuf-compiler libhdf5-dev libzip-dev
               libflatbuffers-dev flatbuffers-compiler nettle-dev nlohmann-json3-dev)
