// Whether probabilities mean what they say.
#pragma once

#include <string>
#include <vector>

#include "fer/metrics/calibration.h"
#include "fer/report/figure_title.h"

namespace fer {

// SVG. A dot a bin: accuracy (with its 95 % interval) over mean confidence, joined to the diagonal
// on which it would be calibrated. Below, for bins of equal width how many samples each holds, for
// those of equal mass where each lies. `ece` is written into the figure.
// @throws fer::Error where no bin has a sample.
std::string reliability_svg(const std::vector<ReliabilityBin>& bins, Binning binning, double ece,
                            const FigureTitle& title);

}  // namespace fer
