// The colours of heat maps; a dark page inverts them.
#pragma once

#include <string>

#include "fer/report/figure.h"

namespace fer::report {

// sequential_colour(share) with a role from fer-heat-0 to fer-heat-100, by whole percents.
svg::Paint heat_paint(double share);

// The most readable colour of text on heat_paint(share). On a dark page the role fer-on-heat-low is
// white, and fer-on-heat-high black.
svg::Paint heat_ink(double share);

// The CSS of these roles for a dark page.
std::string heat_style();

}  // namespace fer::report
