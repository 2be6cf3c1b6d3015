#include "fer/detect/detector_help.h"

#include <utility>
#include <vector>

#include "fer/core/text.h"
#include "fer/detect/detector_kind.h"

namespace fer::detect {

std::string searched_detectors() {
  std::vector<std::string> names;
  for (const DetectorKind& kind : detector_kinds()) {
    if (!kind.files.empty()) names.push_back(kind.name);
  }
  return join_with_and(names);
}

std::string detector_help() {
  std::string help = "auto takes the first of " + searched_detectors() + " whose file is found";
  for (const DetectorKind& kind : detector_kinds()) {
    if (!kind.remark.empty()) help += "; " + kind.name + " " + kind.remark;
  }
  return help;
}

std::string detector_size_help() {
  std::vector<std::string> sides, usual;
  for (const DetectorKind& kind : detector_kinds()) {
    if (kind.sides.empty()) continue;
    sides.push_back(kind.sides + " for " + kind.name);
    usual.push_back(kind.usual_side + " for " + kind.name);
  }
  return join(sides, ", ") + "; larger finds smaller faces and is slower; 0 means " +
         join_with_and(usual);
}

std::string usual_crop_help() {
  std::vector<std::pair<double, std::vector<std::string>>> factors;
  for (const DetectorKind& kind : detector_kinds()) {
    if (!kind.crop.square) continue;
    if (factors.empty() || factors.back().first != kind.crop.factor) {
      factors.push_back({kind.crop.factor, {}});
    }
    factors.back().second.push_back(kind.name);
  }
  std::vector<std::string> texts;
  for (const auto& [factor, names] : factors) {
    texts.push_back(shortest(factor) + " for " + join_with_and(names));
  }
  return join_with_and(texts);
}

}  // namespace fer::detect
