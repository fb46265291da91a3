// SPDX-License-Identifier: BSL-1.0
#include "progress.hpp"

#include "command.hpp"

#include <cstdio>
#include <unistd.h>

namespace ctnn::tool::progress {

void say(bool quiet, const std::string& what) {
    static const bool seen = isatty(STDERR_FILENO) != 0;
    if (quiet || !seen) return;
    std::fprintf(stderr, "\r\033[K%s%s", printable(what).c_str(), what.empty() ? "" : " ...");
    std::fflush(stderr);
}

} // namespace ctnn::tool::progress
