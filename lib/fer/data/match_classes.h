// Matches the classes of data sets by name with those of a model or of other sets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/data/class_names.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

// The index in `labels` of the class `name`: of the same name, otherwise of any usual spelling.
std::optional<std::size_t> class_of(const std::string& name, const LabelSet& labels);

// The images of `set` with the classes of `wanted`, in its order. Classes without images do not
// matter in either. Images of a class that `wanted` lacks are an error with their number and the
// classes of `who` ("the model"), or they are left out and a line of `notes` counts them. @throws
// fer::Error also if no image is left.
FaceSet match_classes(const FaceSet& set, const LabelSet& wanted, UnknownClasses unknown,
                      const std::string& who, std::vector<std::string>& notes);

// Renames the classes of a set by `names`; classes with the same new name are merged. @throws
// fer::Error if the names are no valid LabelSet.
FaceSet rename_classes(const FaceSet& set, const ClassNames& names);

// The classes of all sets, sorted by name. Names that differ only in spelling are one class, with
// the first set's name. `sets` is not empty.
LabelSet united_classes(const std::vector<FaceSet>& sets);

}  // namespace fer::data
