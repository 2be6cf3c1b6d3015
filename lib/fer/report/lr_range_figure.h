// The curve of a learning-rate range test.
#pragma once

#include <string>
#include <vector>

#include "fer/report/figure_title.h"

namespace fer::report {

// SVG: loss over the learning rate on a logarithmic axis, with the suggested rate marked. `rates`:
// positive and ascending; `losses`: as many. @throws fer::Error for fewer than two points.
std::string lr_range_svg(const std::vector<double>& rates, const std::vector<double>& losses,
                         double suggested, const FigureTitle& title);

}  // namespace fer::report
