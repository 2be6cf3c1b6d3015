#include "fer/report/svg_png.h"

#include "fer/core/error.h"

#if defined(FER_WITH_PNG) && FER_WITH_PNG

#include <cairo.h>
#include <librsvg/rsvg.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/report/png_bytes.h"

namespace fer::report {

namespace {

// cairo's own limit on a side of a picture.
constexpr std::size_t kMaxSide = 32767;

struct Destroy {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
  void operator()(GError* error) const { g_error_free(error); }
};

template <class T>
using Owned = std::unique_ptr<T, Destroy>;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw Error(path.string() + ": " + what);
}

// Takes over what a GLib function left in `error`.
[[noreturn]] void fail(const std::filesystem::path& path, GError* error) {
  const Owned<GError> owned(error);
  fail(path, std::string("cannot draw the SVG: ") + (error != nullptr ? error->message : "?"));
}

void check_cairo(const std::filesystem::path& path, cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) {
    fail(path, std::string("cannot make the PNG: ") + cairo_status_to_string(status));
  }
}

Owned<cairo_surface_t> new_surface(const std::filesystem::path& path, std::size_t width,
                                   std::size_t height) {
  if (width == 0 || height == 0 || width > kMaxSide || height > kMaxSide ||
      width * height > kMaxPngPixels) {
    fail(path, "a PNG of " + std::to_string(width) + " x " + std::to_string(height) +
                   " pixels cannot be made; allowed are 1 to " + std::to_string(kMaxSide) +
                   " a side and " + std::to_string(kMaxPngPixels) + " in all");
  }
  Owned<cairo_surface_t> surface(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(width), static_cast<int>(height)));
  check_cairo(path, cairo_surface_status(surface.get()));
  return surface;
}

// cairo keeps a pixel in 32 bits of the machine's order: 0x00RRGGBB.
Rgb pixel_at(const unsigned char* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value)};
}

void write_surface(cairo_surface_t* surface, const std::filesystem::path& path) {
  cairo_surface_flush(surface);
  const auto width = static_cast<std::size_t>(cairo_image_surface_get_width(surface));
  const auto height = static_cast<std::size_t>(cairo_image_surface_get_height(surface));
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  const unsigned char* rows = cairo_image_surface_get_data(surface);
  std::vector<Rgb> pixels;
  pixels.reserve(width * height);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) pixels.push_back(pixel_at(rows + y * stride + x * 4));
  }
  write_file(path, rgb_png_bytes(pixels, width, height));
}

// GLib, Pango and Fontconfig end the process, some without a message, if memory runs out or a
// thread cannot start. @throws std::bad_alloc if the address space for both is missing.
void check_room() {
  constexpr std::size_t kRoom = std::size_t{256} << 20;
  void* const room =
      ::mmap(nullptr, kRoom, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) throw std::bad_alloc();
  ::munmap(room, kRoom);
}

struct Size {
  double width;
  double height;
};

Size size_of(RsvgHandle* handle, const std::filesystem::path& path) {
  Size size{};
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &size.width, &size.height) == 0) {
    fail(path, "cannot draw the SVG: it has no width and height in pixels");
  }
  return size;
}

// The number of pixels for `length`, at most one more than the allowed side.
std::size_t pixels_for(double length) {
  return static_cast<std::size_t>(std::clamp(std::ceil(length - 1e-6), 0.0, kMaxSide + 1.0));
}

}  // namespace

bool can_render_svg() { return true; }

void write_svg_as_png(const std::string& svg, const std::filesystem::path& path, double scale) {
  if (!(scale > 0.0) || !std::isfinite(scale)) {
    fail(path, "scale " + shortest(scale) + " is not allowed; it is more than 0");
  }
  check_room();
  GError* error = nullptr;
  const Owned<RsvgHandle> handle(
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
  if (handle == nullptr) fail(path, error);

  const Size size = size_of(handle.get(), path);
  const auto surface =
      new_surface(path, pixels_for(size.width * scale), pixels_for(size.height * scale));
  const Owned<cairo_t> context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1.0, 1.0, 1.0);
  cairo_paint(context.get());
  const RsvgRectangle viewport{0.0, 0.0, size.width * scale, size.height * scale};
  if (rsvg_handle_render_document(handle.get(), context.get(), &viewport, &error) == 0) {
    fail(path, error);
  }
  write_surface(surface.get(), path);
}

}  // namespace fer::report

#else

namespace fer::report {

bool can_render_svg() { return false; }

void write_svg_as_png(const std::string&, const std::filesystem::path& path, double) {
  throw Error(path.string() +
              ": figures cannot be written as PNG, as this build was made without librsvg");
}

}  // namespace fer::report

#endif
