#include "fer/output/media_outputs.h"

#include "fer/core/plugin.h"

namespace fer::output {

const MediaOutputs& media_outputs() {
  return *static_cast<const MediaOutputs*>(media_symbol(kMediaOutputsSymbol));
}

std::vector<std::string> video_endings() { return {".mp4", ".mov", ".mkv", ".avi"}; }

std::unique_ptr<VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                 const cv::Size& size, double frames_per_second) {
  return media_outputs().open_video_encoder(descriptor, ending, size, frames_per_second);
}

}  // namespace fer::output
