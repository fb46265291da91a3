# SPDX-License-Identifier: BSL-1.0
# cmake -D NM=nm -D "OBJECTS=a.o;b.o" -D HOLDS=name -P check_symbols.cmake: fails if an object needs,
# or makes, what a run must not have, or does not hold a symbol that begins with `name`.
function(check object)
  execute_process(COMMAND "${NM}" "${object}" OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${NM} ${object} failed: ${failed}")
  endif()
  if(NOT symbols MATCHES " [TDRBS] _?${HOLDS}")
    message(FATAL_ERROR "${object} does not hold what is to be checked:\n${symbols}")
  endif()

  set(undefined "")
  set(unwanted "")
  string(REPLACE "\n" ";" lines "${symbols}")
  foreach(line IN LISTS lines)
    # _GLOBAL__sub_I: static constructors; _ZTI, _ZTV: RTTI and vtables; _ZGV: guards of statics that
    # are made when they are met; personality, __clang_call_terminate: exceptions.
    if(line MATCHES
       " (_GLOBAL__sub_I|__cxx_global_var_init|_ZT[IVS]|_ZGV|.*personality|__clang_call_terminate)")
      list(APPEND unwanted "${line}")
    endif()
    # A function of the standard library that was not inlined is in every file that uses it.
    if(line MATCHES " [WVu] _ZN?K?St")
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
    message(FATAL_ERROR "${object} needs what a run must not need:\n  ${unwanted}")
  endif()
endfunction()

if(NOT OBJECTS)
  message(FATAL_ERROR "no objects")
endif()
foreach(object IN LISTS OBJECTS)
  check("${object}")
endforeach()
