// Cameras of this machine. A plug-in reads them (source/plugin_sources.h); without it a camera is
// one failed frame.
#pragma once

#include <memory>
#include <string>

#include "fer/source/source.h"

namespace fer::source {

// `device`: an index ("0") or a device file ("/dev/video0"). Frame::time_s is the wall clock since
// the first frame. A camera that cannot be opened, or stops, gives one failed frame.
std::unique_ptr<Source> open_camera(const std::string& device, const SourceOptions& options);

}  // namespace fer::source
