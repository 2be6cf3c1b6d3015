#include "fer/image/jpeg_pixels.h"

#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <opencv2/core.hpp>

#include "fer/image/image.h"
#include "fer/image/jpeg_header.h"

// These two headers need those above them.
#include <jerror.h>
#include <jpeglib.h>
#ifndef JCS_EXTENSIONS
#error "libjpeg-turbo is needed, whose decoder writes BGR"
#endif

namespace fer::image {

namespace {

// Receives the errors and the progress that libjpeg reports.
struct Listener {
  jpeg_error_mgr errors;  // first: libjpeg knows this part alone
  jpeg_progress_mgr progress;
  std::jmp_buf failed;
  bool ran_out = false;
};

Listener& listener_of(j_common_ptr reader) { return *reinterpret_cast<Listener*>(reader->err); }

void leave(j_common_ptr reader) { std::longjmp(listener_of(reader).failed, 1); }

// At the end of the data libjpeg adds an end marker, and warns if it needed more bits of a block,
// or another restart interval.
void hear(j_common_ptr reader, int level) {
  constexpr int kWarning = -1;
  if (level != kWarning) return;
  const int code = reader->err->msg_code;
  if (code == JWRN_HIT_MARKER || code == JWRN_MUST_RESYNC) listener_of(reader).ran_out = true;
}

void say_nothing(j_common_ptr) {}

// Each scan of a progressive picture takes time for all pixels, and may have few bytes.
void leave_after_too_many_scans(j_common_ptr reader) {
  if (reinterpret_cast<j_decompress_ptr>(reader)->input_scan_number > kMostJpegScans) leave(reader);
}

// Declared by the caller of functions that longjmp may leave, so that it is always destroyed.
struct Owner {
  jpeg_decompress_struct reader{};
  ~Owner() { jpeg_destroy_decompress(&reader); }
};

bool is_too_large(const jpeg_decompress_struct& reader) {
  return std::int64_t{reader.image_width} * reader.image_height > kMaxImagePixels;
}

// Whether every component has had a scan and, in a progressive picture, every bit of every
// coefficient.
bool has_all_scans(const jpeg_decompress_struct& reader) {
  for (int i = 0; i < reader.num_components; ++i) {
    if (reader.comp_info[i].quant_table == nullptr) return false;  // is set by the first scan
    if (!reader.progressive_mode) continue;
    for (int k = 0; k < DCTSIZE2; ++k) {
      if (reader.coef_bits[i][k] != 0) return false;
    }
  }
  return true;
}

// No object with a destructor may live here: errors leave by longjmp.
bool read_all(jpeg_decompress_struct& reader, Listener& listener, std::string_view bytes) {
  if (setjmp(listener.failed) != 0) return false;
  jpeg_create_decompress(&reader);
  jpeg_mem_src(&reader, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&reader, TRUE);
  if (is_too_large(reader)) return false;
  if (reader.arith_code) return false;  // such data may end anywhere
  reader.progress = &listener.progress;
  jpeg_read_coefficients(&reader);
  return !listener.ran_out && has_all_scans(reader);
}

void listen(jpeg_decompress_struct& reader, Listener& listener) {
  reader.err = jpeg_std_error(&listener.errors);
  listener.errors.error_exit = leave;
  listener.errors.emit_message = hear;
  listener.errors.output_message = say_nothing;
  listener.progress.progress_monitor = leave_after_too_many_scans;
}

// From the inverted CMYK of Adobe's programs, in OpenCV's arithmetic.
void cmyk_to_bgr(const std::uint8_t* cmyk, int width, std::uint8_t* bgr) {
  for (int x = 0; x < width; ++x, cmyk += 4, bgr += 3) {
    const int black = cmyk[3];
    for (int i = 0; i < 3; ++i) {
      bgr[2 - i] = static_cast<std::uint8_t>(black - ((255 - cmyk[i]) * black >> 8));
    }
  }
}

// `picture` and `row` belong to the caller, so that longjmp skips no destructor.
bool read_pixels(jpeg_decompress_struct& reader, Listener& listener, std::string_view bytes,
                 cv::Mat& picture, cv::Mat& row) {
  if (setjmp(listener.failed) != 0) return false;
  jpeg_create_decompress(&reader);
  jpeg_mem_src(&reader, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&reader, TRUE);
  if (is_too_large(reader)) return false;
  reader.progress = &listener.progress;
  const bool cmyk = reader.num_components == 4;
  reader.out_color_space = cmyk ? JCS_CMYK : JCS_EXT_BGR;  // libjpeg-turbo's
  jpeg_start_decompress(&reader);
  const auto width = static_cast<int>(reader.output_width);
  picture.create(static_cast<int>(reader.output_height), width, CV_8UC3);
  if (cmyk) row.create(1, width * reader.output_components, CV_8UC1);
  while (reader.output_scanline < reader.output_height) {
    auto* bgr = picture.ptr<std::uint8_t>(static_cast<int>(reader.output_scanline));
    JSAMPROW rows[] = {cmyk ? row.data : bgr};
    jpeg_read_scanlines(&reader, rows, 1);
    if (cmyk) cmyk_to_bgr(row.data, width, bgr);
  }
  return !listener.ran_out;
}

}  // namespace

bool has_all_jpeg_pixels(std::string_view bytes) {
  Listener listener{};
  Owner owner;
  listen(owner.reader, listener);
  return read_all(owner.reader, listener, bytes);
}

cv::Mat read_stored_jpeg(std::string_view bytes) {
  Listener listener{};
  Owner owner;
  listen(owner.reader, listener);
  cv::Mat picture, row;
  return read_pixels(owner.reader, listener, bytes, picture, row) ? picture : cv::Mat();
}

}  // namespace fer::image
