# SPDX-License-Identifier: BSL-1.0
# ctnn_embed(target FILE path SYMBOL name): puts a file's bytes into the target, in read-only memory
# and aligned for vectors, as `extern "C" const unsigned char name[]` and `name_end[]`. The
# assembler reads the file (.incbin), so a megabyte costs the compiler nothing. The file may be made
# by a custom command. Call it in the directory that makes the target.
function(ctnn_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 EMBED "" "FILE;SYMBOL" "")
  if(NOT EMBED_FILE OR NOT EMBED_SYMBOL OR EMBED_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "usage: ctnn_embed(target FILE path SYMBOL name)")
  endif()
  if(NOT EMBED_SYMBOL MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "ctnn_embed: '${EMBED_SYMBOL}' is not a C identifier")
  endif()
  cmake_path(ABSOLUTE_PATH EMBED_FILE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${target}.${EMBED_SYMBOL}.embed.cpp")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cpp.in" "${source}" @ONLY)
  set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${EMBED_FILE}")
  # The file stands among the sources so that a generator of makefiles sees who makes it.
  set_source_files_properties("${EMBED_FILE}" PROPERTIES HEADER_FILE_ONLY ON)
  target_sources(${target} PRIVATE "${source}" "${EMBED_FILE}")
endfunction()
