# SPDX-License-Identifier: BSL-1.0
# Cortex-M3: no floating point unit.
set(ctnn_cpu "-mcpu=cortex-m3")
set(ctnn_board mps2 mps2-an385)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
