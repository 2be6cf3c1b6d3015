// The reliability diagram, which shows whether probabilities are calibrated.
#pragma once

#include <string>
#include <vector>

#include "fer/metrics/calibration.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// SVG. One dot per bin: accuracy (with its 95 % interval) over mean confidence, joined to the
// diagonal, on which it would be calibrated. Below, the numbers of samples in bins of equal width,
// and the edges of bins of equal mass. `ece` is written into the figure. @throws fer::Error if no
// bin has a sample.
std::string reliability_svg(const std::vector<metrics::ReliabilityBin>& bins,
                            metrics::Binning binning, double ece, const FigureTitle& title);

// The numbers of the figure: a header line, then one row per bin.
std::string reliability_csv(const std::vector<metrics::ReliabilityBin>& bins);

}  // namespace fer::report
