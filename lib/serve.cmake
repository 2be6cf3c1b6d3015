# fer-serve: HTTP on Boost.Beast, and the page that is part of the program.
file(GLOB page CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/fer/serve/page/*")
set(interface "${CMAKE_CURRENT_SOURCE_DIR}/fer/serve/openapi.json")
set(embedded "${CMAKE_CURRENT_BINARY_DIR}/serve_assets.cpp")
set(embed "${PROJECT_SOURCE_DIR}/cmake/embed_page.cmake")
add_custom_command(
  OUTPUT "${embedded}"
  COMMAND ${CMAKE_COMMAND} -D "OUTPUT=${embedded}" -D "PAGE=${CMAKE_CURRENT_SOURCE_DIR}/fer/serve/page"
          -D "INTERFACE=${interface}" -P "${embed}"
  DEPENDS ${page} "${interface}" "${embed}" VERBATIM)
file(GLOB serve CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" fer/serve/*.cpp)
fer_room(serve predict SOURCES ${serve} "${embedded}" PRIVATE Boost::headers)
# Boost's headers take longest where a compilation has all of them.
set_target_properties(fer_serve PROPERTIES UNITY_BUILD OFF)
