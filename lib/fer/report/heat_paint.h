// The colours of heat maps, which a dark page turns round.
#pragma once

#include <string>

#include "fer/report/figure.h"

namespace fer {

// sequential_colour(share) with the role fer-heat-0 to fer-heat-100, after its whole per cent.
svg::Paint heat_paint(double share);

// What reads best on that: fer-on-heat-low and fer-on-heat-high are those that are white and black
// where the page is dark.
svg::Paint heat_ink(double share);

// CSS that gives these roles their colours on a dark page.
std::string heat_style();

}  // namespace fer
