// Videos and windows: FFmpeg writes them and OpenCV shows them, in the plug-in of media/.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fer/output/video_encoder.h"
#include "fer/output/window.h"

namespace fer::output {

// As open_video_encoder (output/video_encoder.h) and open_window (output/window.h).
struct MediaOutputs {
  std::unique_ptr<VideoEncoder> (*open_video_encoder)(int descriptor, const std::string& ending,
                                                      const cv::Size& size,
                                                      double frames_per_second);
  std::unique_ptr<Window> (*open_window)(const std::string& title, std::function<bool()> stopped);
};

// Their symbol in the plug-in.
inline constexpr const char* kMediaOutputsSymbol = "fer_media_outputs";

// @throws fer::Error where the plug-in is not there (core/plugin.h).
const MediaOutputs& media_outputs();

}  // namespace fer::output
