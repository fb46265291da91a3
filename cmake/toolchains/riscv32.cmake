# SPDX-License-Identifier: BSL-1.0
# What the toolchain files of RISC-V with 32 bits share: GCC for riscv64-unknown-elf and picolibc
# (Debian: gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf), our own start-up, and QEMU's machine
# virt (Debian: qemu-system-misc). The compiler has no C++ library; <cstddef> and <type_traits> are the
# same for all machines of newlib (Debian: libstdc++-arm-none-eabi-newlib). Needs ctnn_cpu.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # a program needs the board
set(CTNN_BOARD riscv)
set(CTNN_BOARD_SCRIPT virt)
file(GLOB ctnn_library LIST_DIRECTORIES true /usr/include/newlib/c++/*)
list(TRANSFORM ctnn_library REPLACE "(.+)" "-isystem \\1 -isystem \\1/arm-none-eabi")
list(JOIN ctnn_library " " ctnn_library)
set(CMAKE_CXX_FLAGS_INIT
    "${ctnn_cpu} -mcmodel=medany --specs=picolibc.specs -nostdinc++ ${ctnn_library} -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fdata-sections")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "Flags of a release")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections") # the driver asks for libstdc++
set(CMAKE_CXX_STANDARD_LIBRARIES "-lc -lgcc" CACHE STRING "Libraries of every program")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_CROSSCOMPILING_EMULATOR
    qemu-system-riscv32;-M;virt;-bios;none;-nographic;-monitor;none;-serial;none;-semihosting-config;enable=on,target=native;-kernel)
