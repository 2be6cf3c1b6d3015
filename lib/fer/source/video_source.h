// Video files and streams. A plug-in reads them (source/plugin_sources.h): where it is
// not there, what is opened is one failed frame.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// Whether the name ends like a video (.mp4, .avi, .mkv, .mov, .webm, …), in any case.
bool has_video_extension(const std::filesystem::path& path);

// Frames are those that players show, upright, in their shape and at their time
// (video/video_decoder.h). A file that cannot be opened, holds no frame, or is cut short is one
// failed frame, the last. `location`: what is opened, where that is not `path` ("pipe:7", a
// descriptor). `path` may be an address; its password is not shown. It is closed as soon as it has
// ended.
std::unique_ptr<Source> open_video(const std::string& path, const SourceOptions& options,
                                   const std::string& location = {});

// `url`: what FFmpeg can open. Frame::time_s is the wall clock since the first frame. One that
// cannot be opened, ends, or says nothing for five seconds is one failed frame. Its password is not
// shown.
std::unique_ptr<Source> open_stream(const std::string& url, const SourceOptions& options);

}  // namespace fer::source
