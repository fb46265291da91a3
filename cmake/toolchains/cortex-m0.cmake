# SPDX-License-Identifier: BSL-1.0
# Cortex-M0: no floating point unit, no unaligned access; 256 KB of flash, 16 KB of RAM.
set(ctnn_cpu "-mcpu=cortex-m0")
set(ctnn_board microbit microbit)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
