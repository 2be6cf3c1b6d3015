#include "fer/report/class_palette.h"

#include <array>
#include <string_view>

#include "fer/core/class_colours.h"

namespace fer::report {

namespace {

constexpr std::array<std::string_view, kClassColours> kRoles{
    "fer-class-1", "fer-class-2", "fer-class-3", "fer-class-4", "fer-class-5",
    "fer-class-6", "fer-class-7", "fer-class-8", "fer-class-9", "fer-class-10"};

}  // namespace

std::vector<svg::Paint> class_paints(const LabelSet& labels) {
  std::vector<svg::Paint> paints;
  for (const ClassColour& colour : class_colours(labels)) {
    paints.push_back({kRoles[colour.number], colour.on_white});
  }
  return paints;
}

}  // namespace fer::report
