// The reliability diagram: whether probabilities are calibrated.
#pragma once

#include <string>
#include <vector>

#include "fer/metrics/calibration.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// SVG. One dot per bin: accuracy (with its 95 % interval) over mean confidence, joined to the
// diagonal, where it would be calibrated. Below, bins of equal width show how many samples each
// holds, and bins of equal mass where each lies. `ece` is written into the figure.
// @throws fer::Error where no bin has a sample.
std::string reliability_svg(const std::vector<metrics::ReliabilityBin>& bins,
                            metrics::Binning binning, double ece, const FigureTitle& title);

// Its numbers, a header line first. One row per bin.
std::string reliability_csv(const std::vector<metrics::ReliabilityBin>& bins);

}  // namespace fer::report
