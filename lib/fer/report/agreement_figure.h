// Accuracy by the agreement of the people who labelled the images.
#pragma once

#include <string>

#include "fer/metrics/vote_metrics.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// "over 50 to 60 %" of the votes; "up to 50 %" for the first.
std::string band_name(const metrics::AgreementBand& band);

// SVG. One bar per band, from images on which the voters disagreed to those on which they agreed,
// with its 95 % interval and the number of images; "–" for a band without images.
// @throws fer::Error for scores without bands.
std::string agreement_svg(const metrics::VoteScores& votes, const FigureTitle& title);

// The numbers of the figure: a header line, then one row per band.
std::string agreement_csv(const metrics::VoteScores& votes);

}  // namespace fer::report
