# SPDX-License-Identifier: BSL-1.0
# cmake -D NM=nm -D OBJECT=file.o -P check_symbols.cmake: fails if the object needs, or makes, what a
# run must not have.
execute_process(COMMAND "${NM}" "${OBJECT}" OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "${NM} ${OBJECT} failed: ${failed}")
endif()
if(NOT symbols MATCHES " T infer")
  message(FATAL_ERROR "${OBJECT} does not hold what is to be checked:\n${symbols}")
endif()

set(undefined "")
set(unwanted "")
string(REPLACE "\n" ";" lines "${symbols}")
foreach(line IN LISTS lines)
  # _GLOBAL__sub_I: static constructors; _ZTI, _ZTV: RTTI and vtables.
  if(line MATCHES "_GLOBAL__sub_I|__cxx_global_var_init|_ZTI|_ZTV")
    list(APPEND unwanted "${line}")
  endif()
  if(line MATCHES " U (.*)$")
    set(name "${CMAKE_MATCH_1}")
    list(APPEND undefined "${name}")
    # Only the weights, and what compilers call for copying memory and position independence.
    if(NOT name MATCHES "^(weights|_ZL?7weights|memcpy|memset|memmove|_GLOBAL_OFFSET_TABLE_)$")
      list(APPEND unwanted "${line}")
    endif()
  endif()
endforeach()
message(STATUS "undefined: ${undefined}")
if(unwanted)
  list(JOIN unwanted "\n  " unwanted)
  message(FATAL_ERROR "${OBJECT} needs what a run must not need:\n  ${unwanted}")
endif()
