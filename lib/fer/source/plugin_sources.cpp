#include "fer/source/plugin_sources.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/plugin.h"
#include "fer/core/text.h"
#include "fer/source/camera_source.h"
#include "fer/source/video_source.h"

namespace fer::source {

namespace {

const VideoSources& video_sources() {
  return *static_cast<const VideoSources*>(plugin_symbol(kVideoPlugin, kVideoSourcesSymbol));
}

const CameraSources& camera_sources() {
  return *static_cast<const CameraSources*>(plugin_symbol(kMediaPlugin, kCameraSourcesSymbol));
}

// Stands in for a source that could not be opened; gives one failed frame.
class FailedSource final : public Source {
 public:
  FailedSource(std::string name, const std::string& why, SourceKind kind)
      : name_(std::move(name)), error_(name_ + ": " + why), kind_(kind) {}
  SourceKind kind() const override { return kind_; }

  bool next(Frame& frame) override {
    frame = Frame();
    frame.source = name_;
    frame.error = std::exchange(error_, "");
    return frame.failed();
  }

 private:
  std::string name_, error_;
  SourceKind kind_;
};

// Without its plug-in a video is an unreadable file, and the run goes on with other files.
template <typename Open>
std::unique_ptr<Source> opened(const std::string& name, SourceKind kind, const Open& open) {
  try {
    return open();
  } catch (const Error& error) {
    return std::make_unique<FailedSource>(without_passwords(name), error.what(), kind);
  }
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
  return opened(path, SourceKind::video,
                [&] { return video_sources().open_video(path, options, location); });
}

std::unique_ptr<Source> open_stream(const std::string& url, const SourceOptions& options) {
  return opened(url, SourceKind::camera, [&] { return video_sources().open_stream(url, options); });
}

std::unique_ptr<Source> open_camera(const std::string& device, const SourceOptions& options) {
  return opened(device, SourceKind::camera,
                [&] { return camera_sources().open_camera(device, options); });
}

}  // namespace fer::source
