#include "fer/output/window.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string_view>

#include "fer/core/error.h"
#include "fer/output/plugin_outputs.h"

namespace fer::output {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// Whether the X server of $DISPLAY answers. Asked first, because Qt ends the whole program when it
// does not. Without libX11 there is no window toolkit for X.
bool x_server_answers() {
  void* library = ::dlopen("libX11.so.6", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return false;
  using Open = void* (*)(const char*);
  using Close = int (*)(void*);
  const auto open = reinterpret_cast<Open>(::dlsym(library, "XOpenDisplay"));
  const auto close = reinterpret_cast<Close>(::dlsym(library, "XCloseDisplay"));
  void* display = open != nullptr && close != nullptr ? open(nullptr) : nullptr;
  if (display != nullptr) close(display);
  ::dlclose(library);
  return display != nullptr;
}

}  // namespace

std::string why_no_window() {
  // A platform that the user chose, such as offscreen, vnc or wayland, is not checked.
  const std::string_view platform = environment("QT_QPA_PLATFORM");
  if (!platform.empty() && platform != "xcb") return {};
  const std::string_view display = environment("DISPLAY");
  if (display.empty()) return "there is no screen ($DISPLAY is not set)";
  if (!x_server_answers()) {
    return "the screen cannot be reached ($DISPLAY is " + std::string(display) + ")";
  }
  return {};
}

std::unique_ptr<Window> open_window(const std::string& title, std::function<bool()> stopped) {
  if (const std::string reason = why_no_window(); !reason.empty()) throw Error(reason);
  return window_outputs().open_window(title, std::move(stopped));
}

}  // namespace fer::output
