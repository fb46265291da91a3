# SPDX-License-Identifier: BSL-1.0
# What ctnn_add_model does with INT8: the network is compiled once for each target, with its weights
# packed for it in read-only memory.
function(ctnn_add_int8_model target)
  cmake_parse_arguments(PARSE_ARGV 1 INT8 "" "NETWORK;TYPE;NAME;WEIGHTS;IMPORT" "TARGETS")
  ctnn_choose_int8_targets(INT8_TARGETS ${INT8_TARGETS})
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}_models")
  set(declarations "")
  set(arguments "")
  foreach(isa IN LISTS INT8_TARGETS)
    ctnn_target_of(machine ${isa} "")
    set(source "${directory}/${INT8_NAME}_kernels/${INT8_NAME}.${isa}.cpp")
    configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/int8_kernels.cpp.in" "${source}" @ONLY)
    ctnn_compile_for(${target} ${isa} "${source}")
    ctnn_pack_weights(${target} NETWORK "${INT8_NETWORK}" TYPE ${INT8_TYPE}
                      WEIGHTS "${INT8_WEIGHTS}" SYMBOL ${INT8_NAME}_weights_${isa} TARGET ${isa})
    if(TARGET ${target}_pack_${INT8_NAME}_weights_${isa})
      add_dependencies(${target}_pack_${INT8_NAME}_weights_${isa} ${INT8_IMPORT})
    endif()
    string(APPEND declarations
           "extern \"C\" const ctnn_compiled_int8 ${INT8_NAME}_kernels_${isa};\n")
    string(APPEND arguments
           ",\n    ctnn::compiled_int8_for<${machine}, ${INT8_NAME}_kernels_${isa}>")
  endforeach()
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/int8_model.hpp.in"
                 "${directory}/${INT8_NAME}_model.hpp" @ONLY)
endfunction()

# Cortex-M is what the toolchain's flags say: one target, which stands in TARGETS. Elsewhere those
# of floats.
function(ctnn_choose_int8_targets result)
  set(cortex ${ARGN})
  list(FILTER cortex INCLUDE REGEX "^cortex_")
  if(NOT cortex)
    ctnn_choose_targets(chosen ${ARGN})
    set(${result} ${chosen} PARENT_SCOPE)
    return()
  endif()
  list(LENGTH ARGN count)
  if(NOT count EQUAL 1 OR NOT cortex MATCHES "^cortex_(m4|m7|m33|m55)$")
    message(FATAL_ERROR "ctnn_add_model: TARGETS of a microcontroller is one of cortex_m4, "
                        "cortex_m7, cortex_m33, cortex_m55, not '${ARGN}'")
  endif()
  set(${result} ${ARGN} PARENT_SCOPE)
endfunction()
