// Files that are part of the program: the page and the description of the interface.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fer::serve {

struct Asset {
  std::string_view path;  // "/", "/page/main.js", "/openapi.json"
  std::string_view type;
  std::string_view content;
};

// Made from lib/fer/serve/page and openapi.json when the program is built (cmake/embed_page.cmake).
std::span<const Asset> assets();

// Nothing where there is none of this path.
const Asset* find_asset(std::string_view path);

}  // namespace fer::serve
