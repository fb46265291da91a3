# SPDX-License-Identifier: BSL-1.0
# ctnn_add_kernels(target NETWORK header TYPE type NAME name [TARGETS sse2 avx2 avx512 neon]
#                  [STORED float16]):
# compiles a network into the target once for each instruction set, and makes the header name.hpp
# with the class `name`, which takes the best one that the machine has:
#
#     #include "fast_digits.hpp"
#     static fast_digits reads{weights};
#     reads.run(image, scores);
#
# Instruction sets of other processors are left out, and the baseline of this one is always there;
# without TARGETS all are. STORED: as ctnn::with_weights. In the files of one instruction set the
# namespace ctnn has a name of its own, so that no inline function of theirs is taken for that of
# another. What the header itself defines should be networks and layers, or stand in an unnamed
# namespace: after linking, nm checks that no function has the same name in two of them. Call it in
# the directory that makes the target, which links ctnn::ctnn.
function(ctnn_add_kernels target)
  cmake_parse_arguments(PARSE_ARGV 1 KERNELS "" "NETWORK;TYPE;NAME;STORED" "TARGETS")
  if(NOT KERNELS_NETWORK OR NOT KERNELS_TYPE OR NOT KERNELS_NAME OR KERNELS_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: ctnn_add_kernels(target NETWORK header TYPE type NAME name "
                        "[TARGETS sse2 avx2 avx512 neon] [STORED float16])")
  endif()
  if(NOT KERNELS_NAME MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "ctnn_add_kernels: '${KERNELS_NAME}' is not a C++ identifier")
  endif()
  cmake_path(ABSOLUTE_PATH KERNELS_NETWORK BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  ctnn_choose_targets(KERNELS_TARGETS ${KERNELS_TARGETS})

  set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}_kernels")
  set(declarations "")
  set(arguments "")
  foreach(isa IN LISTS KERNELS_TARGETS)
    set(KERNELS_NAMESPACE "ctnn_${isa}")
    ctnn_target_of(machine ${isa} "${KERNELS_STORED}")
    set(source "${directory}/${KERNELS_NAME}.${isa}.cpp")
    configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/kernels.cpp.in" "${source}" @ONLY)
    ctnn_compile_for(${target} ${isa} "${source}")
    string(APPEND declarations
           "extern \"C\" const ctnn_compiled_network ${KERNELS_NAME}_${isa};\n")
    string(APPEND arguments
           ",\n    ctnn::compiled_for<${machine}, ${KERNELS_NAME}_${isa}>")
  endforeach()
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/kernels.hpp.in"
                 "${directory}/${KERNELS_NAME}.hpp" @ONLY)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${directory}>")

  get_target_property(type ${target} TYPE)
  get_target_property(checked ${target} CTNN_KERNELS_CHECKED)
  if(CMAKE_NM AND NOT type STREQUAL OBJECT_LIBRARY AND NOT checked)
    set_target_properties(${target} PROPERTIES CTNN_KERNELS_CHECKED ON)
    add_custom_command(
      TARGET ${target} POST_BUILD
      COMMAND "${CMAKE_COMMAND}" -D "NM=${CMAKE_NM}" -D "OBJECTS=$<TARGET_OBJECTS:${target}>" -P
              "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/ctnn_check_kernels.cmake"
      VERBATIM)
  endif()
endfunction()

# The instruction sets of the processor that is compiled for, best first: those that are asked for
# and the baseline, or all.
function(ctnn_choose_targets result)
  foreach(isa IN LISTS ARGN)
    if(NOT isa MATCHES "^(scalar|sse2|avx2|avx512|neon|simd128|cortex_m4|cortex_m55)$")
      message(FATAL_ERROR "ctnn_add_kernels: unknown target '${isa}'")
    endif()
  endforeach()
  string(TOLOWER "${CMAKE_SYSTEM_PROCESSOR}" processor)
  if(processor MATCHES "^(x86_64|amd64)$")
    set(known avx512 avx2)
    set(baseline sse2)
  elseif(processor MATCHES "^(aarch64|arm64)$")
    set(known)
    set(baseline neon)
  elseif(processor MATCHES "^wasm" AND "${CMAKE_CXX_FLAGS}" MATCHES "-msimd128")
    set(known)
    set(baseline simd128)
  elseif("${CMAKE_CXX_FLAGS}" MATCHES "-mcpu=cortex-m(4|7|33)")
    set(known)
    set(baseline cortex_m4)
  elseif("${CMAKE_CXX_FLAGS}" MATCHES "-mcpu=cortex-m55")
    set(known)
    set(baseline cortex_m55)
  else()
    set(known)
    set(baseline scalar)
  endif()
  set(chosen)
  foreach(isa IN LISTS known)
    if(NOT ARGN OR isa IN_LIST ARGN)
      list(APPEND chosen ${isa})
    endif()
  endforeach()
  set(${result} ${chosen} ${baseline} PARENT_SCOPE)
endfunction()

# Adds a source to the target, compiled for one instruction set and with a namespace of its own.
function(ctnn_compile_for target isa source)
  set(options "-Dctnn=ctnn_${isa}")
  if(isa STREQUAL sse2)
    list(APPEND options -march=x86-64)
  elseif(isa STREQUAL avx2)
    list(APPEND options -march=x86-64-v3)
  elseif(isa STREQUAL avx512)
    list(APPEND options -march=x86-64-v4 -mprefer-vector-width=512)
  endif()
  set_source_files_properties(
    "${source}" PROPERTIES COMPILE_OPTIONS "${options}" SKIP_UNITY_BUILD_INCLUSION ON
                           SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE "${source}")
endfunction()
