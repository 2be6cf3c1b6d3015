#include "fer/report/figure_file.h"

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/report/svg_png.h"

namespace fer::report {

namespace {

constexpr double kPngScale = 2.0;  // sharp on high-density screens

std::string ending_of(const std::filesystem::path& path) {
  return to_lower(path.extension().string());
}

}  // namespace

void check_figure_name(const std::filesystem::path& path) {
  const std::string ending = ending_of(path);
  if (ending != ".svg" && ending != ".png") {
    throw Error(path.string() + ": figures are written as .svg or .png");
  }
  if (ending == ".png" && !can_render_svg()) {
    throw Error(path.string() + ": this build was made without librsvg; write the figure as .svg");
  }
}

void check_figure_path(const std::filesystem::path& path) {
  check_figure_name(path);
  check_writable(path);
}

void write_figure(const std::filesystem::path& path, const std::string& svg) {
  check_figure_path(path);
  if (ending_of(path) == ".svg") {
    write_file(path, svg);
  } else {
    write_svg_as_png(svg, path, kPngScale);
  }
}

void write_figure_files(const std::filesystem::path& stem, const std::string& svg) {
  write_figure(stem.string() + ".svg", svg);
  if (can_render_svg()) write_figure(stem.string() + ".png", svg);
}

}  // namespace fer::report
