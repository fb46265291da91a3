# SPDX-License-Identifier: BSL-1.0
# Cortex-M4 with its floating point unit for single precision.
set(ctnn_cpu "-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16")
set(ctnn_board mps2 mps2-an386)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
