// From what a person names to the source that it is.
#pragma once

#include <istream>
#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// What `argument` names, in this order: "-" (file names or one picture from `input`, read as
// needed; `input` must outlive the source; of std::cin the process's own is read, which `stopped`
// ends), a camera (0, 1, …, /dev/video0), a stream (rtsp://…, http://…), a folder (its pictures and
// videos, by name), a file (a picture by its name or content, else a video), a pipe (a video by its
// name, else as "-"), a glob pattern (its matches, sorted). Files are opened when their turn comes;
// one that cannot be read, or that is missing and named like a picture or video, becomes a failed
// frame. @throws fer::Error naming the argument and what is allowed where it is none of these, a
// folder without pictures or a pattern without matches.
std::unique_ptr<Source> open_source(const std::string& argument, const SourceOptions& options,
                                    std::istream& input);

}  // namespace fer::source
