#include "fer/detect/detector_kind.h"

#include <algorithm>
#include <utility>

#include "fer/core/text.h"
#include "fer/detect/detector_names.h"

namespace fer::detect {

const std::vector<DetectorKind>& detector_kinds() {
  static const std::vector<DetectorKind> all = [] {
    std::vector<DetectorKind> table;
    const auto add = [&table](DetectorKind kind, const char* name) {
      kind.name = name;
      table.push_back(std::move(kind));
    };
#define FER_DETECTOR(name) add(kinds::name(), #name);
#include "fer/detect/detectors.def"
    return table;
  }();
  return all;
}

const DetectorKind& detector_kind(const std::string& name) {
  const std::vector<DetectorKind>& all = detector_kinds();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const DetectorKind& kind) { return kind.name == name; });
  if (found != all.end()) return *found;
  throw OptionError("detector",
                    quote(name) + " is not known; allowed: " + join(detector_names(), ", "));
}

}  // namespace fer::detect
