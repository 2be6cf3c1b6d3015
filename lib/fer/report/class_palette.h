// A colour for each class, the same in every figure of a page.
#pragma once

#include <cstddef>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/report/figure.h"

namespace fer {

// After that many classes colours come back: figures name their classes, colour only helps.
inline constexpr std::size_t kClassColours = 10;

// [labels.size()], with the roles fer-class-1 to fer-class-10. The emotions of FER2013 and FER+
// have colours of their own whatever their order, so that pages of both compare; other classes take
// what these leave. All have a contrast of 3 and more with white.
std::vector<svg::Paint> class_paints(const LabelSet& labels);

}  // namespace fer
