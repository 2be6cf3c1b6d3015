// The tables of the plug-ins that write videos (video/, by FFmpeg) and show windows (media/, by
// OpenCV).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "fer/output/video_encoder.h"
#include "fer/output/window.h"

namespace fer::output {

// As open_video_encoder (output/video_encoder.h).
struct VideoOutputs {
  std::unique_ptr<VideoEncoder> (*open_video_encoder)(int descriptor, const std::string& ending,
                                                      const cv::Size& size,
                                                      double frames_per_second);
};

// As open_window (output/window.h).
struct WindowOutputs {
  std::unique_ptr<Window> (*open_window)(const std::string& title, std::function<bool()> stopped);
};

// The symbols of the tables in the plug-ins.
inline constexpr const char* kVideoOutputsSymbol = "fer_video_outputs";
inline constexpr const char* kWindowOutputsSymbol = "fer_window_outputs";

// @throws fer::Error if the plug-in is missing (core/plugin.h).
const WindowOutputs& window_outputs();

}  // namespace fer::output
