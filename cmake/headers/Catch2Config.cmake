# Catch2 version 2, header-only, for cross builds (cmake/aarch64-linux-gnu.cmake).
set(Catch2_VERSION 2)
add_library(Catch2::Catch2 INTERFACE IMPORTED)
set_target_properties(Catch2::Catch2 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES
                                                "${FER_CROSS_HEADERS}")
