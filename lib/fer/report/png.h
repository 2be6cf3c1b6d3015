// PNG files: figures rendered from their SVG, and plain grey pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace fer {

// Most pixels (width times height) a PNG written here may have.
inline constexpr std::size_t kMaxPngPixels = 100'000'000;

// Whether this build can write PNG: it was made with librsvg (FER_WITH_PNG defined to 1). Where it
// was not, both functions below throw.
bool can_write_png();

// Both write a file that is complete or absent. Both throw fer::Error where the picture is empty or
// has more than kMaxPngPixels, where the file cannot be written, and in a build without librsvg.

// Renders the SVG at `scale` pixels per user unit (2 for sharp print). Also @throws fer::Error for
// text that is not SVG and a scale that is not positive.
void write_svg_as_png(const std::string& svg, const std::filesystem::path& path, double scale);

// pixels: [height*width] grey levels 0-255, row-major; written as 8-bit grey. Also @throws
// fer::Error where their number does not match.
void write_grey_png(const std::filesystem::path& path, std::span<const std::uint8_t> pixels,
                    std::size_t width, std::size_t height);

}  // namespace fer
