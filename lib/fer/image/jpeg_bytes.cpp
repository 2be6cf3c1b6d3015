#include "fer/image/jpeg_bytes.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <vector>

#include "fer/core/error.h"

// jpeglib.h needs the headers above it.
#include <jpeglib.h>

namespace fer::image {

namespace {

constexpr int kWrittenQuality = 95;

struct Failure {
  jpeg_error_mgr errors;  // first: libjpeg knows this part alone
  std::jmp_buf failed;
};

void give_up(j_common_ptr writer) {
  std::longjmp(reinterpret_cast<Failure*>(writer->err)->failed, 1);
}

// Declared by the caller of functions that longjmp may leave, so that it is always destroyed.
struct Writer {
  jpeg_compress_struct jpeg{};
  unsigned char* bytes = nullptr;  // owned by libjpeg until it is freed
  unsigned long size = 0;
  ~Writer() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);
  }
};

// False if libjpeg fails. Nothing here has a destructor, because longjmp would skip it.
bool write(const cv::Mat& bgr, Writer& writer, Failure& failure, unsigned char* row) {
  if (setjmp(failure.failed) != 0) {
    // Updates the pointer to the buffer, which may have moved since jpeg_mem_dest.
    if (writer.jpeg.dest != nullptr) writer.jpeg.dest->term_destination(&writer.jpeg);
    return false;
  }
  jpeg_create_compress(&writer.jpeg);
  jpeg_mem_dest(&writer.jpeg, &writer.bytes, &writer.size);
  writer.jpeg.image_width = static_cast<JDIMENSION>(bgr.cols);
  writer.jpeg.image_height = static_cast<JDIMENSION>(bgr.rows);
  writer.jpeg.input_components = 3;
  writer.jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&writer.jpeg);
  jpeg_set_quality(&writer.jpeg, kWrittenQuality, TRUE);
  jpeg_start_compress(&writer.jpeg, TRUE);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* pixel = bgr.ptr<unsigned char>(y);
    for (std::size_t i = 0; i < static_cast<std::size_t>(bgr.cols) * 3; i += 3) {
      row[i] = pixel[i + 2];
      row[i + 1] = pixel[i + 1];
      row[i + 2] = pixel[i];
    }
    jpeg_write_scanlines(&writer.jpeg, &row, 1);
  }
  jpeg_finish_compress(&writer.jpeg);
  return true;
}

}  // namespace

std::string jpeg_bytes(const cv::Mat& bgr) {
  CV_Assert(bgr.type() == CV_8UC3);
  Failure failure{};
  Writer writer;
  writer.jpeg.err = jpeg_std_error(&failure.errors);
  failure.errors.error_exit = give_up;
  failure.errors.emit_message = [](j_common_ptr, int) {};
  failure.errors.output_message = [](j_common_ptr) {};
  std::vector<unsigned char> row(static_cast<std::size_t>(bgr.cols) * 3);
  if (bgr.empty() || !write(bgr, writer, failure, row.data())) {
    throw Error("a picture of " + std::to_string(bgr.cols) + "x" + std::to_string(bgr.rows) +
                " pixels cannot be a JPEG; 65500 a side are allowed");
  }
  return {reinterpret_cast<const char*>(writer.bytes), writer.size};
}

}  // namespace fer::image
