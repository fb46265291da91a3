# SPDX-License-Identifier: BSL-1.0
# ctnn_add_model(target MODEL file [NAME name] [INT8] [TARGETS sse2 avx2 avx512 neon]
#                [WEIGHTS embedded|file] [OPTIONS --dimension width=96 ...] [DEPENDS file...]):
# imports a model (ONNX, Keras, TensorFlow Lite) when the target is built, and again when the file
# changes. It is compiled into the target once for each instruction set, and makes two headers:
#
#     name.hpp         the network, name::network
#     name_model.hpp   the class name_model, which takes the best instruction set of the machine:
#
#     #include "name_model.hpp"
#     static name_model reads;
#     reads.run(image, scores);
#
# INT8 says that the model is one of int8; the class then takes and gives cells of int8, whose scales
# and zero points are name::input_numbers and name::output_numbers, and its weights, packed for each
# target, stay in read-only memory. TARGETS may be one of cortex_m4, cortex_m7, cortex_m33, cortex_m55.
#
# With WEIGHTS file, name.safetensors comes to lie beside the program, and the class is made from
# what was read of it. The command `ctnn` does the work and runs on the machine that builds: it is
# CTNN_TOOL if that is set, the one that is built or was installed with this package, or found by
# PATH. Without NAME, the name is that of the file. OPTIONS are handed to `ctnn import`; DEPENDS
# names more files that the model consists of. Call it in the directory that makes the target.
function(ctnn_add_model target)
  cmake_parse_arguments(PARSE_ARGV 1 MODEL "INT8" "MODEL;NAME;WEIGHTS" "TARGETS;OPTIONS;DEPENDS")
  if(NOT MODEL_MODEL OR MODEL_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: ctnn_add_model(target MODEL file [NAME name] [INT8] [TARGETS "
                        "sse2 avx2 avx512 neon] [WEIGHTS embedded|file] [OPTIONS ...] [DEPENDS file...])")
  endif()
  if(NOT MODEL_WEIGHTS)
    set(MODEL_WEIGHTS embedded)
  elseif(NOT MODEL_WEIGHTS MATCHES "^(embedded|file)$")
    message(FATAL_ERROR "ctnn_add_model: WEIGHTS is embedded or file, not '${MODEL_WEIGHTS}'")
  endif()
  if(MODEL_INT8 AND NOT MODEL_WEIGHTS STREQUAL embedded)
    message(FATAL_ERROR "ctnn_add_model: weights of INT8 are embedded; leave WEIGHTS out")
  endif()
  cmake_path(ABSOLUTE_PATH MODEL_MODEL BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  get_source_file_property(made "${MODEL_MODEL}" GENERATED)
  if(NOT made AND NOT EXISTS "${MODEL_MODEL}")
    message(FATAL_ERROR "ctnn_add_model: ${MODEL_MODEL}: no such file")
  endif()
  if(NOT MODEL_NAME)
    cmake_path(GET MODEL_MODEL STEM LAST_ONLY stem)
    string(REGEX REPLACE "[^A-Za-z0-9]+" "_" MODEL_NAME "${stem}")
    string(REGEX REPLACE "^_|_$" "" MODEL_NAME "${MODEL_NAME}")
  endif()
  if(NOT MODEL_NAME MATCHES "^[A-Za-z][A-Za-z0-9_]*$")
    message(FATAL_ERROR "ctnn_add_model: '${MODEL_NAME}' is not a C++ identifier; say NAME")
  endif()
  ctnn_find_tool(tool)

  set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}_models")
  set(header "${directory}/${MODEL_NAME}.hpp")
  set(weights "${directory}/${MODEL_NAME}.safetensors")
  set(blob "${directory}/${MODEL_NAME}.f32")
  set(with_blob --blob)
  if(MODEL_INT8)
    set(blob)
    set(with_blob)
  endif()
  add_custom_command(
    OUTPUT "${header}" "${weights}" ${blob}
    COMMAND ${tool} import "${MODEL_MODEL}" --directory "${directory}" --name "${MODEL_NAME}"
            ${with_blob} --quiet ${MODEL_OPTIONS}
    DEPENDS "${MODEL_MODEL}" ${MODEL_DEPENDS} ${tool}
    COMMENT "Importing ${MODEL_MODEL}"
    VERBATIM)
  target_sources(${target} PRIVATE "${header}")
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${directory}>")
  get_target_property(type ${target} TYPE)
  if(type STREQUAL EXECUTABLE)
    set(access PRIVATE)
  else()
    set(access PUBLIC)
  endif()
  target_link_libraries(${target} ${access} ctnn::ctnn)
  if(MODEL_INT8)
    add_custom_target(${target}_import_${MODEL_NAME} DEPENDS "${header}" "${weights}")
    add_dependencies(${target} ${target}_import_${MODEL_NAME})
    ctnn_add_int8_model(
      ${target} NETWORK "${header}" TYPE ${MODEL_NAME}::network NAME ${MODEL_NAME}
      WEIGHTS "${weights}" IMPORT ${target}_import_${MODEL_NAME} TARGETS ${MODEL_TARGETS})
    return()
  endif()
  ctnn_add_kernels(${target} NETWORK "${header}" TYPE ${MODEL_NAME}::network
                   NAME ${MODEL_NAME}_kernels TARGETS ${MODEL_TARGETS})
  if(MODEL_WEIGHTS STREQUAL embedded)
    ctnn_embed(${target} FILE "${blob}" SYMBOL ${MODEL_NAME}_weights)
    set(MODEL_TEMPLATE model_embedded.hpp.in)
  else()
    target_link_libraries(${target} ${access} ctnn::safetensors)
    add_custom_command(
      TARGET ${target} POST_BUILD
      COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${weights}" "$<TARGET_FILE_DIR:${target}>"
      VERBATIM)
    set(MODEL_TEMPLATE model_file.hpp.in)
  endif()
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${MODEL_TEMPLATE}"
                 "${directory}/${MODEL_NAME}_model.hpp" @ONLY)
endfunction()

# The command `ctnn` that runs on the machine that builds: a path, or a target that this build makes.
function(ctnn_find_tool result)
  if(NOT CTNN_TOOL AND TARGET ctnn_tool AND NOT CMAKE_CROSSCOMPILING)
    set(${result} ctnn_tool PARENT_SCOPE)
    return()
  endif()
  set(installed)
  if(TARGET ctnn::tool)
    get_target_property(imported ctnn::tool IMPORTED)
    if(imported)
      get_target_property(installed ctnn::tool LOCATION)
      cmake_path(GET installed PARENT_PATH installed)
    endif()
  endif()
  find_program(CTNN_TOOL ctnn HINTS "${installed}" VALIDATOR ctnn_tool_runs NO_CMAKE_FIND_ROOT_PATH
               DOC "The command ctnn of the build machine")
  if(NOT CTNN_TOOL)
    message(FATAL_ERROR "ctnn_add_model: there is no command ctnn that runs here. Build the library "
                        "with -DCTNN_BUILD_TOOL=ON and install it, or say where the command is by "
                        "-DCTNN_TOOL=/path/to/ctnn")
  endif()
  set(${result} "${CTNN_TOOL}" PARENT_SCOPE)
endfunction()

# One that is installed with the library may be of another processor.
function(ctnn_tool_runs result program)
  execute_process(COMMAND "${program}" --version RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()
