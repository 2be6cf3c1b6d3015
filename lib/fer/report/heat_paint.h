// The colours of heat maps; a dark page inverts them.
#pragma once

#include <string>

#include "fer/report/figure.h"

namespace fer::report {

// sequential_colour(share) with the role fer-heat-0 to fer-heat-100, after its whole per cent.
svg::Paint heat_paint(double share);

// The colour in which text on that reads best. On a dark page the role fer-on-heat-low is white,
// and fer-on-heat-high black.
svg::Paint heat_ink(double share);

// CSS that gives these roles their colours on a dark page.
std::string heat_style();

}  // namespace fer::report
