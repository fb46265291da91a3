# SPDX-License-Identifier: BSL-1.0
# ctnn_pack_weights(target NETWORK header TYPE type WEIGHTS file.safetensors SYMBOL name
#                   [TARGET avx2] [STORED float16]):
# puts the weights of a network into the target, in read-only memory: in the order of the network's
# blob, or packed for a ctnn::target, of the compiled-for machine or of any other:
#
#     extern "C" const float name[net::parameters];
#     extern "C" const float name[ctnn::packed_weights<net, ctnn::targets::avx2>::floats];
#
# Those of a quantised network are packed for a TARGET in any case:
#
#     extern "C" const unsigned char name[ctnn::quantized_packed<net, ctnn::targets::avx2>::extent];
#
# TARGET is an instruction set, or a C++ expression that names a target of one's own. STORED: as
# ctnn::with_weights.
#
# A small program of the build machine, made from the header and the type, checks the file in full;
# if anything is wrong the build stops and says what. Weights are packed anew when the file or the
# header changes. The target links ctnn::ctnn; only the small program needs nlohmann-json. When
# cross-compiling without an emulator, or for a microcontroller, the compiler CTNN_HOST_CXX of the
# build machine makes it.
function(ctnn_pack_weights target)
  cmake_parse_arguments(PARSE_ARGV 1 PACK "" "NETWORK;TYPE;WEIGHTS;SYMBOL;TARGET;STORED" "")
  if(NOT PACK_NETWORK OR NOT PACK_TYPE OR NOT PACK_WEIGHTS OR NOT PACK_SYMBOL
     OR PACK_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: ctnn_pack_weights(target NETWORK header TYPE type "
                        "WEIGHTS file.safetensors SYMBOL name [TARGET avx2] [STORED float16])")
  endif()
  ctnn_target_of(machine "${PACK_TARGET}" "${PACK_STORED}")
  set(PACK_ARGUMENTS "${PACK_TYPE}")
  if(machine)
    string(APPEND PACK_ARGUMENTS ", ${machine}")
  endif()
  foreach(input NETWORK WEIGHTS)
    cmake_path(ABSOLUTE_PATH PACK_${input} BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    get_source_file_property(made "${PACK_${input}}" GENERATED)
    if(NOT made AND NOT EXISTS "${PACK_${input}}")
      message(FATAL_ERROR "ctnn_pack_weights: ${input} ${PACK_${input}}: no such file")
    endif()
  endforeach()

  set(packer "${target}_pack_${PACK_SYMBOL}")
  set(packed "${CMAKE_CURRENT_BINARY_DIR}/${target}.${PACK_SYMBOL}.f32")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${packer}.cpp")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/pack_weights.cpp.in" "${source}" @ONLY)
  set(directories "$<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>")
  set(definitions "$<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>")
  # An emulator of a microcontroller runs no program that reads files.
  if(CMAKE_CROSSCOMPILING AND (NOT CMAKE_CROSSCOMPILING_EMULATOR OR CMAKE_SYSTEM_NAME STREQUAL
                                                                    "Generic"))
    find_program(CTNN_HOST_CXX NAMES c++ g++ clang++ REQUIRED
                 NO_CMAKE_FIND_ROOT_PATH DOC "A C++20 compiler for programs of the build machine")
    set(library "$<TARGET_PROPERTY:ctnn::safetensors,INTERFACE_INCLUDE_DIRECTORIES>")
    set(directories "$<JOIN:${library};${directories},;-I>")
    set(run "${CMAKE_CURRENT_BINARY_DIR}/${packer}")
    add_custom_command(
      OUTPUT "${run}"
      COMMAND "${CTNN_HOST_CXX}" -std=c++20 -O1 -MMD -MT "${run}" -MF "${run}.d"
              "-I${directories}" "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>"
              "${source}" -o "${run}"
      DEPENDS "${source}" "${PACK_NETWORK}"
      DEPFILE "${run}.d"
      COMMENT "Building ${packer} for the build machine"
      COMMAND_EXPAND_LISTS VERBATIM)
  else()
    add_executable(${packer} EXCLUDE_FROM_ALL "${source}")
    target_link_libraries(${packer} PRIVATE ctnn::safetensors)
    target_include_directories(${packer} PRIVATE "${directories}")
    target_compile_definitions(${packer} PRIVATE "${definitions}")
    set(run ${packer})
  endif()
  add_custom_command(
    OUTPUT "${packed}"
    COMMAND ${run} "${PACK_WEIGHTS}" "${packed}"
    DEPENDS ${run} "${PACK_WEIGHTS}"
    COMMENT "Checking and packing ${PACK_WEIGHTS}"
    VERBATIM)
  ctnn_embed(${target} FILE "${packed}" SYMBOL ${PACK_SYMBOL})
endfunction()

# The C++ expression of a target: of an instruction set, or one that is written already; none, of
# none.
function(ctnn_target_of result target stored)
  if(stored AND NOT stored MATCHES "^(float32|float16|bfloat16)$")
    message(FATAL_ERROR "ctnn: weights are STORED as float32, float16 or bfloat16, not '${stored}'")
  endif()
  if(stored AND NOT target)
    message(FATAL_ERROR "ctnn: STORED needs a TARGET")
  endif()
  if(target MATCHES "^(scalar|fpu|sse2|avx2|avx512|neon|simd128|cortex_m4|cortex_m7|cortex_m33|cortex_m55)$")
    set(target "ctnn::targets::${target}")
  endif()
  if(stored)
    set(target "ctnn::with_weights(${target}, ctnn::dtype::${stored})")
  endif()
  set(${result} "${target}" PARENT_SCOPE)
endfunction()
