# SPDX-License-Identifier: BSL-1.0
# RISC-V with 32 bits and a floating point unit for single and double precision.
set(ctnn_cpu "-march=rv32imafdc -mabi=ilp32d")
include("${CMAKE_CURRENT_LIST_DIR}/riscv32.cmake")
