// Opens the source that a command-line argument names.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// What `argument` can name, tried in this order:
//
//   -            file names, or the bytes of one picture, from `input`
//   camera       0, 1, …, /dev/video0
//   stream       rtsp://…, http://…
//   folder       its pictures and videos, sorted by name
//   file         a picture, by its name or its content; otherwise a video
//   pipe         a video, if it is named like one; otherwise read like -
//   glob pattern the matching files, sorted
//
// `input` must outlive the source. If it is std::cin, the process's standard input is read
// directly, so that options.stopped can end a wait. Files are opened when their turn comes; a file
// that cannot be read, or that is missing and named like a picture or video, becomes a failed
// frame. @throws fer::Error that names the argument and what is allowed, also for a folder without
// pictures and a pattern without matches.
std::unique_ptr<Source> open_source(const std::string& argument, const SourceOptions& options,
                                    std::istream& input);

}  // namespace fer::source
