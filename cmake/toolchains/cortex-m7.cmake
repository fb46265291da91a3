# SPDX-License-Identifier: BSL-1.0
# Cortex-M7 with its floating point unit for single and double precision.
set(ctnn_cpu "-mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16")
set(ctnn_board mps2 mps2-an500)
include("${CMAKE_CURRENT_LIST_DIR}/cortex-m.cmake")
