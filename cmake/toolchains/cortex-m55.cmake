# SPDX-License-Identifier: BSL-1.0
# Cortex-M55 with its vector extension (MVE).
set(ctnn_cpu "-mcpu=cortex-m55 -mfloat-abi=hard")
set(ctnn_board mps3_an547 mps3-an547)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
