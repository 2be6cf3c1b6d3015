// The colours of figures and terminal tables.
#pragma once

#include <cstdint>
#include <string>

#include "fer/core/rgb.h"

namespace fer::report {

std::string hex(Rgb colour);  // "#0072b2"

// The colour of a share from 0 (almost white) to 1 (deep blue); clamped outside. Equal steps of the
// share are equal distances in OKLab (B. Ottosson, "A perceptual color space for image processing",
// 2020), so they look equal, and lightness always falls, so that the ramp works in grey print and
// with colour blindness.
Rgb sequential_colour(double share);

// sequential_colour() for a dark page: from almost black to light blue, with rising lightness.
Rgb sequential_colour_on_dark(double share);

// Contrast ratio of two colours, 1 to 21 (WCAG 2.1, "contrast ratio").
double contrast(Rgb a, Rgb b);

// Black or white, whichever reads better on this background: a contrast of at least 4.5.
Rgb readable_on(Rgb background);

}  // namespace fer::report
