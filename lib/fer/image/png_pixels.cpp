#include "fer/image/png_pixels.h"

#include <png.h>

#include <csetjmp>
#include <cstdint>
#include <cstring>
#include <new>
#include <opencv2/core.hpp>
#include <vector>

#include "fer/image/image.h"

namespace fer::image {

namespace {

struct Reading {
  std::string_view left;  // of the file
  cv::Mat picture = {};
  std::vector<png_bytep> rows = {};
};

[[noreturn]] void leave(png_structp reader, png_const_charp) { png_longjmp(reader, 1); }

void say_nothing(png_structp, png_const_charp) {}

void give(png_structp reader, png_bytep to, std::size_t count) {
  auto& reading = *static_cast<Reading*>(png_get_io_ptr(reader));
  if (count > reading.left.size()) png_error(reader, "end");
  std::memcpy(to, reading.left.data(), count);
  reading.left.remove_prefix(count);
}

// Asks libpng to convert any PNG to 8-bit BGR.
void ask_for_bgr(png_structp reader, png_infop info) {
  const auto colour = png_get_color_type(reader, info);
  png_set_strip_16(reader);
  png_set_strip_alpha(reader);
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(reader);
  if ((colour & PNG_COLOR_MASK_COLOR) == 0) {
    png_set_expand_gray_1_2_4_to_8(reader);
    png_set_gray_to_rgb(reader);
  }
  png_set_bgr(reader);
  png_set_interlace_handling(reader);
}

// Chunks that change no pixel here, such as texts and profiles; libpng would keep gigabytes of
// them.
constexpr png_byte kUnused[] = "tEXt\0zTXt\0iTXt\0iCCP\0sPLT\0eXIf\0hIST\0tIME\0pCAL\0sCAL";
constexpr int kUnusedNames = sizeof kUnused / 5;

// No object with a destructor may live here: errors leave by longjmp. `reading` belongs to the
// caller.
bool read_pixels(png_structp reader, png_infop info, Reading& reading) {
  if (setjmp(png_jmpbuf(reader)) != 0) return false;
  png_set_read_fn(reader, &reading, give);
  png_set_keep_unknown_chunks(reader, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
  png_set_keep_unknown_chunks(reader, PNG_HANDLE_CHUNK_NEVER, kUnused, kUnusedNames);
  png_read_info(reader, info);
  ask_for_bgr(reader, info);
  png_read_update_info(reader, info);
  const auto width = png_get_image_width(reader, info);
  const auto height = png_get_image_height(reader, info);
  if (png_get_rowbytes(reader, info) != std::size_t{width} * 3) return false;
  if (std::int64_t{width} * height > kMaxImagePixels) return false;
  reading.picture.create(static_cast<int>(height), static_cast<int>(width), CV_8UC3);
  for (int y = 0; y < reading.picture.rows; ++y) reading.rows.push_back(reading.picture.ptr(y));
  png_read_image(reader, reading.rows.data());
  png_read_end(reader, nullptr);
  return true;
}

}  // namespace

cv::Mat read_stored_png(std::string_view bytes) {
  png_structp reader = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, leave, say_nothing);
  png_infop info = reader == nullptr ? nullptr : png_create_info_struct(reader);
  if (info == nullptr) {
    png_destroy_read_struct(&reader, nullptr, nullptr);
    throw std::bad_alloc();
  }
  struct Owner {
    png_structp& reader;
    png_infop& info;
    ~Owner() { png_destroy_read_struct(&reader, &info, nullptr); }
  } const owner{reader, info};
  Reading reading{.left = bytes};
  return read_pixels(reader, info, reading) ? reading.picture : cv::Mat();
}

}  // namespace fer::image
