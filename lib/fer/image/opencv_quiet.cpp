#include "fer/image/opencv_quiet.h"

#include <cstdlib>
#include <iostream>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <streambuf>

namespace fer::image {

namespace {

thread_local int quiet = 0;  // how many NoCerr this thread has

class Filter final : public std::streambuf {
 public:
  std::streambuf* behind = nullptr;

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return quiet > 0 ? c : behind->sputc(traits_type::to_char_type(c));
  }
  std::streamsize xsputn(const char* text, std::streamsize count) override {
    return quiet > 0 ? count : behind->sputn(text, count);
  }
  int sync() override { return behind->pubsync(); }
};

// Installed once and never removed: removing it would race with threads that write.
void install_filter() {
  static std::once_flag once;
  std::call_once(once, [] {
    auto* const filter = new Filter;  // never destroyed: threads may outlive main()
    filter->behind = std::cerr.rdbuf();
    std::cerr.rdbuf(filter);
  });
}

}  // namespace

NoCerr::NoCerr() {
  install_filter();
  ++quiet;
}

NoCerr::~NoCerr() { --quiet; }

void silence_opencv() {
  install_filter();
  static std::once_flag once;
  std::call_once(once, [] {
    if (std::getenv("OPENCV_LOG_LEVEL") == nullptr) {
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    }
    // The backend takes FFmpeg's numbers (-8 is AV_LOG_QUIET) and reads them when it first opens a
    // file; there is no function for it.
    constexpr int kKeepUsersChoice = 0;
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", kKeepUsersChoice);
  });
}

}  // namespace fer::image
