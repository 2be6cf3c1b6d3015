#include "fer/report/report_figure.h"

#include <algorithm>
#include <cmath>

#include "fer/core/files.h"
#include "fer/report/figure.h"
#include "fer/report/png_bytes.h"
#include "fer/report/svg_png.h"

namespace fer::report {

namespace {

// Twice the size of the drawing, or less if a PNG would be too large, as with a thousand classes.
double png_scale(const std::string& svg) {
  const auto [width, height] = svg::drawn_size(svg);
  constexpr double kMostPixels = 0.98 * static_cast<double>(kMaxPngPixels);
  constexpr double kMostSide = 32'000.0;
  return std::min(
      {2.0, std::sqrt(kMostPixels / (width * height)), kMostSide / std::max(width, height)});
}

}  // namespace

void write_figures(const std::filesystem::path& folder, const std::vector<ReportFigure>& figures) {
  for (const ReportFigure& figure : figures) {
    const std::string stem = (folder / figure.name).string();
    write_file(stem + ".svg", figure.svg);
    write_file(stem + ".csv", figure.csv);
    if (can_render_svg()) write_svg_as_png(figure.svg, stem + ".png", png_scale(figure.svg));
  }
}

}  // namespace fer::report
