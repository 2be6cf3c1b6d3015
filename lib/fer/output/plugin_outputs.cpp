#include "fer/output/plugin_outputs.h"

#include "fer/core/plugin.h"

namespace fer::output {

const WindowOutputs& window_outputs() {
  return *static_cast<const WindowOutputs*>(plugin_symbol(kMediaPlugin, kWindowOutputsSymbol));
}

std::vector<std::string> video_endings() { return {".mp4", ".mov", ".mkv", ".avi"}; }

std::unique_ptr<VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                 const cv::Size& size, double frames_per_second) {
  const void* outputs = plugin_symbol(kVideoPlugin, kVideoOutputsSymbol);
  return static_cast<const VideoOutputs*>(outputs)->open_video_encoder(descriptor, ending, size,
                                                                       frames_per_second);
}

}  // namespace fer::output
