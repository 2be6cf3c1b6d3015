# Writes OUTPUT, a C++ file that contains the files in PAGE, and INTERFACE, as strings (lib/fer/serve/assets.h).
file(GLOB files "${PAGE}/*")
list(SORT files)
set(types
    .html "text/html\\; charset=utf-8" .css "text/css\\; charset=utf-8" .js "text/javascript\\; charset=utf-8"
    .json "application/json" .svg "image/svg+xml")

function(add_asset file path)
  get_filename_component(ending "${file}" LAST_EXT)
  list(FIND types "${ending}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${file}: no content type is known for ${ending}")
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  file(READ "${file}" content)
  string(FIND "${content}" ")FERASSET\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${file}: holds the mark that ends it")
  endif()
  string(APPEND text "    {\"${path}\", \"${type}\", R\"FERASSET(${content})FERASSET\"},\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

set(text "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  if(name STREQUAL "index.html")
    add_asset("${file}" "/")
  else()
    add_asset("${file}" "/page/${name}")
  endif()
endforeach()
add_asset("${INTERFACE}" "/openapi.json")
file(WRITE "${OUTPUT}" "// Written by cmake/embed_page.cmake.
#include \"fer/serve/assets.h\"

namespace fer::serve {

namespace {

constexpr Asset kAssets[] = {
${text}};

}  // namespace

std::span<const Asset> assets() { return kAssets; }

}  // namespace fer::serve
")
