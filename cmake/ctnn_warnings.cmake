# SPDX-License-Identifier: BSL-1.0
# The warnings that the project's own code is built with; users are not bound to them.
add_library(ctnn_warnings INTERFACE)
target_compile_options(
  ctnn_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
