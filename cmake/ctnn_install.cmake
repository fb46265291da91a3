# SPDX-License-Identifier: BSL-1.0
# cmake --install: headers, the CMake functions, and what find_package(ctnn) reads.
include(CMakePackageConfigHelpers)

set(ctnn_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ctnn")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.hpp")
install(TARGETS ctnn ctnn_hana ctnn_safetensors EXPORT ctnn_targets)
install(EXPORT ctnn_targets NAMESPACE ctnn:: FILE ctnn_targets.cmake
        DESTINATION "${ctnn_cmake_dir}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/ctnn-config.cmake.in"
                              "${PROJECT_BINARY_DIR}/ctnn-config.cmake"
                              INSTALL_DESTINATION "${ctnn_cmake_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ctnn-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/ctnn-config.cmake"
              "${PROJECT_BINARY_DIR}/ctnn-config-version.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/ctnn_check_kernels.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/ctnn_embed.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/ctnn_int8_model.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/ctnn_kernels.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/ctnn_model.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/ctnn_pack.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/embed.cpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/int8_kernels.cpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/int8_model.hpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/kernels.cpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/kernels.hpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/model_embedded.hpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/model_file.hpp.in"
              "${PROJECT_SOURCE_DIR}/cmake/pack_weights.cpp.in"
        DESTINATION "${ctnn_cmake_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
