#include "fer/output/panel_colours.h"

#include "fer/core/class_colours.h"

namespace fer::output {

std::vector<cv::Scalar> panel_colours(const LabelSet& labels) {
  std::vector<cv::Scalar> colours;
  for (const ClassColour& colour : class_colours(labels)) {
    colours.emplace_back(colour.on_dark.blue, colour.on_dark.green, colour.on_dark.red);
  }
  return colours;
}

}  // namespace fer::output
