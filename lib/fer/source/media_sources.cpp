#include "fer/source/media_sources.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "fer/core/plugin.h"
#include "fer/core/text.h"
#include "fer/source/camera_source.h"
#include "fer/source/video_source.h"

namespace fer::source {

namespace {

const MediaSources& media_sources() {
  return *static_cast<const MediaSources*>(media_symbol(kMediaSourcesSymbol));
}

}  // namespace

bool has_video_extension(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 16> kExtensions = {
      ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg",  ".mpeg",
      ".wmv", ".flv", ".ogv", ".3gp", ".ts",  ".mts",  ".mjpg", ".mjpeg"};
  const std::string extension = to_lower(path.extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::unique_ptr<Source> open_video(const std::string& path, const SourceOptions& options,
                                   const std::string& location) {
  return media_sources().open_video(path, options, location);
}

std::unique_ptr<Source> open_stream(const std::string& url, const SourceOptions& options) {
  return media_sources().open_stream(url, options);
}

std::unique_ptr<Source> open_camera(const std::string& device, const SourceOptions& options) {
  return media_sources().open_camera(device, options);
}

}  // namespace fer::source
