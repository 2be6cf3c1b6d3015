// The tables of the plug-ins that read videos and streams (video/, by FFmpeg) and cameras (media/,
// by OpenCV).
#pragma once

#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// As open_video and open_stream (source/video_source.h).
struct VideoSources {
  std::unique_ptr<Source> (*open_video)(const std::string& path, const SourceOptions& options,
                                        const std::string& location);
  std::unique_ptr<Source> (*open_stream)(const std::string& url, const SourceOptions& options);
};

// As open_camera (source/camera_source.h).
struct CameraSources {
  std::unique_ptr<Source> (*open_camera)(const std::string& device, const SourceOptions& options);
};

// The symbols of the tables in the plug-ins.
inline constexpr const char* kVideoSourcesSymbol = "fer_video_sources";
inline constexpr const char* kCameraSourcesSymbol = "fer_camera_sources";

}  // namespace fer::source
