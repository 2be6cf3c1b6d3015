// Checks that a set's images have the wanted format, because they are not silently converted.
#pragma once

#include <optional>
#include <string>

#include "fer/core/face.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

// For a set from a file, whose images are not converted. `spec`: the data as the user named them.
// @throws fer::OptionError if the options demand another size or colours.
void check_own_format(const FaceSet& set, const std::string& spec, const DataOptions& options);

// @throws fer::Error, with advice, if the model takes another format.
void check_format_of_model(const FaceSet& set, const DataOptions& options,
                           const std::optional<FaceFormat>& of_model);

}  // namespace fer::data
