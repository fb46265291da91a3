# SPDX-License-Identifier: BSL-1.0
# Builds and runs the project in tests/outside/project, with the library installed into a fresh
# prefix (WAY=find_package) or added as a subdirectory (WAY=add_subdirectory).
set(work "${WORK}/${WAY}")
file(REMOVE_RECURSE "${work}")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "failed (${failed}): ${ARGN}")
  endif()
endfunction()

if(WAY STREQUAL "find_package")
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/prefix")
  set(where "-DCMAKE_PREFIX_PATH=${work}/prefix")
else()
  set(where "-DCTNN_SOURCE=${SOURCE}")
endif()
run("${CMAKE_COMMAND}" -S "${SOURCE}/tests/outside/project" -B "${work}/build" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${CXX}" "${where}")
run("${CMAKE_COMMAND}" --build "${work}/build")
run("${work}/build/outside")
run("${work}/build/dispatched")
