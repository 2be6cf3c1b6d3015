// Matches the classes of data sets by name with those of a model, or of other sets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/data/class_names.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

// The index in `labels` of a class called `name`: of the same name, else of any usual spelling of
// it.
std::optional<std::size_t> class_of(const std::string& name, const LabelSet& labels);

// The images of `set` under the classes of `wanted`, in its order. Classes without an image do not
// matter, on either side. Images of a class that `wanted` does not have are an error that counts
// them and says what `who` ("the model") knows, or they are left out and a line of `notes` counts
// them. @throws fer::Error also where no image is left.
FaceSet match_classes(const FaceSet& set, const LabelSet& wanted, UnknownClasses unknown,
                      const std::string& who, std::vector<std::string>& notes);

// The same images, their classes called by `names`; classes that get one name become one.
// @throws fer::Error where the names are not a valid LabelSet.
FaceSet rename_classes(const FaceSet& set, const ClassNames& names);

// The classes of all sets, sorted by name. Names that differ only in spelling are one class, which
// gets the first set's name. `sets` is not empty.
LabelSet united_classes(const std::vector<FaceSet>& sets);

}  // namespace fer::data
