// Sets whose classes are matched by name with those that somebody else knows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/data/class_names.h"
#include "fer/data/data_options.h"
#include "fer/data/face_set.h"

namespace fer::data {

// The index in `labels` of a class called `name`: of the same name, else of any usual spelling of it.
std::optional<std::size_t> class_of(const std::string& name, const LabelSet& labels);

// The images of `set` under the classes of `wanted`, in its order. Classes without an image do not
// matter, on either side. Images of a class that `wanted` does not have are an error that counts them
// and says what `who` ("the model") knows, or they are left out and a line of `notes` counts them.
// @throws fer::Error also where no image is left.
FaceSet match_classes(const FaceSet& set, const LabelSet& wanted, UnknownClasses unknown,
                      const std::string& who, std::vector<std::string>& notes);

// The same images, their classes called by `names`; classes that get one name become one.
// @throws fer::Error where the names are no LabelSet.
FaceSet rename_classes(const FaceSet& set, const ClassNames& names);

// Of all sets: names that differ in spelling alone are one class, that of the first; sorted by name.
// There is at least one set.
LabelSet united_classes(const std::vector<FaceSet>& sets);

}  // namespace fer::data
