# SPDX-License-Identifier: BSL-1.0
# What the toolchain files of Cortex-M share: GCC for arm-none-eabi (Debian: gcc-arm-none-eabi and
# libstdc++-arm-none-eabi-newlib), our own start-up, and an emulated board to run on (Debian:
# qemu-system-arm). Needs ctnn_cpu, and ctnn_board: the script of boards/cortex_m and QEMU's machine.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # a program needs the board
list(GET ctnn_board 0 CTNN_BOARD_SCRIPT)
list(GET ctnn_board 1 CTNN_BOARD_MACHINE)
set(CTNN_BOARD cortex_m)
set(CMAKE_CXX_FLAGS_INIT
    "-mthumb ${ctnn_cpu} -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fdata-sections")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "Flags of a release")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostartfiles -specs=nano.specs -Wl,--gc-sections")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_CROSSCOMPILING_EMULATOR
    qemu-system-arm;-M;${CTNN_BOARD_MACHINE};-nographic;-monitor;none;-serial;none;-semihosting-config;enable=on,target=native;-kernel)
