# SPDX-License-Identifier: BSL-1.0
# The targets that users link: ctnn::ctnn needs the standard library alone; ctnn::hana and
# ctnn::safetensors are the edges to Boost.Hana and nlohmann-json, for those who include them.
include(GNUInstallDirs)

add_library(ctnn INTERFACE)
add_library(ctnn::ctnn ALIAS ctnn)
target_compile_features(ctnn INTERFACE cxx_std_20)
target_include_directories(
  ctnn INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

add_library(ctnn_hana INTERFACE)
add_library(ctnn::hana ALIAS ctnn_hana)
set_target_properties(ctnn_hana PROPERTIES EXPORT_NAME hana)
target_link_libraries(ctnn_hana INTERFACE ctnn)

add_library(ctnn_safetensors INTERFACE)
add_library(ctnn::safetensors ALIAS ctnn_safetensors)
set_target_properties(ctnn_safetensors PROPERTIES EXPORT_NAME safetensors)
# nlohmann-json is linked where it is known to CMake; elsewhere its headers may be on the path.
find_package(nlohmann_json QUIET GLOBAL)
target_link_libraries(ctnn_safetensors
                      INTERFACE ctnn $<TARGET_NAME_IF_EXISTS:nlohmann_json::nlohmann_json>)
