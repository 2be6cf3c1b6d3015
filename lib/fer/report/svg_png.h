// Figures as PNG files, rendered from their SVG by librsvg.
#pragma once

#include <filesystem>
#include <string>

namespace fer::report {

// Whether this build has librsvg (FER_WITH_PNG defined to 1); otherwise write_svg_as_png() throws.
bool can_render_svg();

// Renders the SVG on white, at `scale` pixels per user unit (2 for sharp print), into a file that
// is complete or absent. @throws fer::Error for text that is not SVG, a scale that is not positive,
// a picture that is empty or has more than kMaxPngPixels (report/png_bytes.h), a file that cannot
// be written, and a build without librsvg.
void write_svg_as_png(const std::string& svg, const std::filesystem::path& path, double scale);

}  // namespace fer::report
