// File names for pages that may be published, without private paths.
#pragma once

#include <string>

namespace fer::report {

// The last part of a path.
std::string short_name(const std::string& path);

// FaceSet::source with the last part of each of its paths.
std::string short_source(const std::string& source);

}  // namespace fer::report
