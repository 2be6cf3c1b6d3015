// Whether a set's images are the faces that are wanted. They are not scaled in silence.
#pragma once

#include <optional>
#include <string>

#include "fer/core/face.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

// For a set out of a file, whose images stay as they are. `spec`: what the user named. @throws
// fer::OptionError where the options ask for another size or colours.
void check_own_format(const FaceSet& set, const std::string& spec, const DataOptions& options);

// @throws fer::Error where a model is to see the images and takes others, which says what to do.
void check_format_of_model(const FaceSet& set, const DataOptions& options,
                           const std::optional<FaceFormat>& of_model);

}  // namespace fer::data
