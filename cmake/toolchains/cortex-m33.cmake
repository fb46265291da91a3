# SPDX-License-Identifier: BSL-1.0
# Cortex-M33 with its floating point unit for single precision.
set(ctnn_cpu "-mcpu=cortex-m33 -mfloat-abi=hard")
set(ctnn_board mps2_an505 mps2-an505)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
