// A colour for each class, of the same hue in figures and in annotated pictures.
#pragma once

#include <cstddef>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/core/rgb.h"

namespace fer {

// With more classes the colours repeat. Figures name their classes; colour only helps.
inline constexpr std::size_t kClassColours = 10;

struct ClassColour {
  std::size_t number = 0;  // 0 to kClassColours - 1
  Rgb on_white;            // with a contrast of at least 3 to white (WCAG 2.1)
  Rgb on_dark;             // the same hue, light enough for dark panels over pictures
};

// [labels.size()]. The emotions of FER2013 and FER+ have colours of their own, whatever the order
// of the labels; other classes get the remaining colours.
std::vector<ClassColour> class_colours(const LabelSet& labels);

}  // namespace fer
