# SPDX-License-Identifier: BSL-1.0
# RISC-V with 32 bits and no floating point unit.
set(ctnn_cpu "-march=rv32imac -mabi=ilp32")
include("${CMAKE_CURRENT_LIST_DIR}/riscv32.cmake")
