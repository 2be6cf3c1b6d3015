// Videos, streams and cameras: FFmpeg and OpenCV read them, in the plug-in of media/.
#pragma once

#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// As open_video, open_stream (source/video_source.h) and open_camera (source/camera_source.h).
struct MediaSources {
  std::unique_ptr<Source> (*open_video)(const std::string& path, const SourceOptions& options,
                                        const std::string& location);
  std::unique_ptr<Source> (*open_stream)(const std::string& url, const SourceOptions& options);
  std::unique_ptr<Source> (*open_camera)(const std::string& device, const SourceOptions& options);
};

// Their symbol in the plug-in.
inline constexpr const char* kMediaSourcesSymbol = "fer_media_sources";

}  // namespace fer::source
