// The first frames of a video: the code between FFmpeg's libraries and a picture. It also finds
// bugs of these libraries, which their projects must mend.
#include <memory>

#include "fer/image/image.h"
#include "fer/video/tables.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

constexpr int kFrames = 3;

void check(const source::Frame& frame, const std::string& name) {
  if (frame.failed()) return require_message(frame.error, name);
  require(!frame.image.empty() && frame.image.type() == CV_8UC3, "a frame is a picture");
  const auto pixels = static_cast<std::int64_t>(frame.image.total());
  require(pixels <= image::kMaxImagePixels, "a frame has at most so many pixels");
  require(frame.time_s >= 0.0 && frame.frames_per_second > 0.0, "a frame has its time");
}

}  // namespace

void video(std::string_view bytes) {
  const InputFile file(bytes);
  const std::string name = file.path().string();
  const auto source = video::open_video(name, {}, {});
  source::Frame frame;
  for (int i = 0; i < kFrames && source->next(frame); ++i) check(frame, name);
}

}  // namespace fer::fuzz
