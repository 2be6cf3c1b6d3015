// Files inside the program: the page and the description of the interface.
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

// Generated from lib/fer/serve/page and openapi.json during the build (cmake/embed_page.cmake).
std::span<const Asset> assets();

// Null for an unknown path.
const Asset* find_asset(std::string_view path);

}  // namespace fer::serve
