// Moving pictures: video files and cameras.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "fer/predict/source.h"

namespace fer {

// Whether the name ends like a video (.mp4, .avi, .mkv, .mov, .webm, …), in any case.
bool has_video_extension(const std::filesystem::path& path);

// Frame::time_s is the container's clock. A file that cannot be opened or holds no frame is one
// failed frame. `location`: what is opened, where that is not `path` ("pipe:7", a descriptor).
std::unique_ptr<Source> open_video(const std::string& path, const SourceOptions& options,
                                   const std::string& location = {});

// `device`: an index ("0") or a device file ("/dev/video0"). Frame::time_s is the wall clock since
// the first frame. A camera that cannot be opened, or stops, is one failed frame.
std::unique_ptr<Source> open_camera(const std::string& device, const SourceOptions& options);

// `url`: what FFmpeg can open. Frame::time_s as for a camera. One that cannot be opened, ends, or says
// nothing for five seconds is one failed frame.
std::unique_ptr<Source> open_stream(const std::string& url, const SourceOptions& options);

}  // namespace fer
