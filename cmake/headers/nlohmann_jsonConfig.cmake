# nlohmann's JSON library, header-only, for cross builds (cmake/aarch64-linux-gnu.cmake).
add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
set_target_properties(nlohmann_json::nlohmann_json PROPERTIES INTERFACE_INCLUDE_DIRECTORIES
                                                              "${FER_CROSS_HEADERS}")
