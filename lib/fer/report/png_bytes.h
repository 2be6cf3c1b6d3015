// Small pictures as PNG in memory, to be written into a page.
//
// It is written here and not by cairo, so that a build without librsvg can do it, too, and the same
// picture gives the same bytes everywhere. The pixels are not compressed: a face of 48 x 48 grey
// pixels takes 2.4 kB, of which zlib would save a quarter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "fer/report/colour.h"

namespace fer {

// Both: [height*width], row-major. @throws fer::Error for no pixels, more than 2^24 of them, and a
// number that does not match.
std::string grey_png_bytes(std::span<const std::uint8_t> pixels, std::size_t width,
                           std::size_t height);
std::string rgb_png_bytes(std::span<const Rgb> pixels, std::size_t width, std::size_t height);

// "data:image/png;base64,…", what the src of an img takes.
std::string png_data_uri(const std::string& png);

}  // namespace fer
