// Video files and streams. A plug-in reads them (source/plugin_sources.h); without it every source
// is one failed frame.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// Whether the name ends like a video (.mp4, .avi, .mkv, .mov, .webm, …), in any case.
bool has_video_extension(const std::filesystem::path& path);

// Gives the frames as players show them: upright, in their shape and at their time
// (video/video_decoder.h). The last frame of a file that cannot be opened, holds no frame, or is
// cut short is a failed one. `location`: what to open, if not `path` ("pipe:7", a descriptor).
// `path` may be an address; its password is not shown. The file is closed at its end.
std::unique_ptr<Source> open_video(const std::string& path, const SourceOptions& options,
                                   const std::string& location = {});

// `url`: what FFmpeg can open. Frame::time_s is the wall clock since the first frame. A stream that
// cannot be opened, ends, or sends nothing for five seconds gives one failed frame. Its password is
// not shown.
std::unique_ptr<Source> open_stream(const std::string& url, const SourceOptions& options);

}  // namespace fer::source
