#include "fer/video/ffmpeg_handles.h"

#include <array>
#include <cstdlib>
#include <mutex>

#include "fer/image/image.h"

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace fer::video {

std::string av_error_text(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

void prepare_ffmpeg() {
  static std::once_flag once;
  std::call_once(once, [] {
    const char* level = std::getenv("OPENCV_FFMPEG_LOGLEVEL");
    av_log_set_level(level == nullptr ? AV_LOG_QUIET : std::atoi(level));
    av_max_alloc(image::kMaxImageBytes);
  });
}

bool PixelConverter::prepare(const Picture& from, const Picture& to) {
  if (scaler_ && from == from_ && to == to_) return true;
  // Without SWS_ACCURATE_RND, swscale ignores the full range of a YUV target.
  const int flags = SWS_BICUBIC | (to.format == AV_PIX_FMT_BGR24 ? 0 : SWS_ACCURATE_RND);
  scaler_.reset(sws_getContext(from.width, from.height, from.format, to.width, to.height, to.format,
                               flags, nullptr, nullptr, nullptr));
  if (!scaler_) return false;
  from_ = from;
  to_ = to;
  constexpr int kBrightness = 0, kContrast = 1 << 16, kSaturation = 1 << 16;
  // Its failure is ignored: it fails for conversions without YUV, which need no matrix.
  sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(from.colours.space),
                           from.colours.full_range ? 1 : 0, sws_getCoefficients(to.colours.space),
                           to.colours.full_range ? 1 : 0, kBrightness, kContrast, kSaturation);
  return true;
}

bool PixelConverter::convert(const Picture& from, const std::uint8_t* const* from_planes,
                             const int* from_strides, const Picture& to,
                             std::uint8_t* const* to_planes, const int* to_strides) {
  return prepare(from, to) && sws_scale(scaler_.get(), from_planes, from_strides, 0, from.height,
                                        to_planes, to_strides) == to.height;
}

}  // namespace fer::video
