#include "fer/commands/figure_file.h"

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/report/png.h"

namespace fer {

namespace {

constexpr double kPngScale = 2.0;  // sharp on high-density screens

}  // namespace

void write_figure(const std::filesystem::path& path, const std::string& svg) {
  const std::string extension = to_lower(path.extension().string());
  if (extension == ".svg") {
    write_file(path, svg);
  } else if (extension == ".png") {
    write_svg_as_png(svg, path, kPngScale);
  } else {
    throw Error(path.string() + ": figures are written as .svg or .png");
  }
}

void write_figure_files(const std::filesystem::path& stem, const std::string& svg) {
  write_figure(stem.string() + ".svg", svg);
  if (can_write_png()) write_figure(stem.string() + ".png", svg);
}

}  // namespace fer
