# SPDX-License-Identifier: BSL-1.0
# cmake -D NM=nm -D "OBJECTS=a.avx2.cpp.o;b.cpp.o" -P ctnn_check_kernels.cmake: fails if an object
# that is compiled for an instruction set and one that is not define a symbol of the same name. The
# linker keeps one of them: AVX-512 code might be run where there is none.
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND "${NM}" "${object}" OUTPUT_VARIABLE symbols ERROR_QUIET
                  RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${NM} ${object} failed: ${failed}")
  endif()
  set(isa "this program")
  if(object MATCHES "_kernels/[A-Za-z0-9_]+\\.(scalar|sse2|avx2|avx512|neon|simd128|cortex_m4|cortex_m55)\\.cpp\\.")
    set(isa "${CMAKE_MATCH_1}")
  endif()
  string(REGEX MATCHALL "[0-9a-f]+ [TDBRGSCWVu] [^\n]+" lines "${symbols}")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^[0-9a-f]+ . " "" name "${line}")
    # What compilers and sanitizers bring is the same under all flags, or data.
    if(name MATCHES "^_*(DW\\.ref\\.|__clang_call_terminate|__x86\\.|asan|odr_asan|ubsan|llvm|gcov)")
      continue()
    endif()
    if(DEFINED "isa_of_${name}" AND NOT isa_of_${name} STREQUAL isa)
      message(FATAL_ERROR
                "Files compiled for ${isa} and for ${isa_of_${name}} both define\n  ${name}\n"
                "Put what a network's header defines into an unnamed namespace.")
    endif()
    set("isa_of_${name}" "${isa}")
  endforeach()
endforeach()
