#include "fer/serve/detectors.h"

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/detect/detector_kind.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

// Each detector holds its network, so more would take memory and hardly be faster.
constexpr int kMostDetectors = 8;

}  // namespace

Detectors::Detectors(const Config& config) : config_(config) {
  const detect::DetectorChoice usual = detect::choose_detector(config.detector);
  usual_ = usual.name;
  reason_ = usual.reason;
  choices_[usual_] = usual;
  finders_[usual_] = open(usual);
  for (const detect::DetectorKind& kind : detect::detector_kinds()) {
    const std::string& name = kind.name;
    try {
      if (name != usual_) {
        choices_[name] = detect::choose_detector(
            {.name = name, .model = {}, .precision = config.detector.precision});
      }
      names_.push_back(name);
    } catch (const Error&) {
      // Its file is missing on this machine, so it is not offered.
    }
  }
}

std::unique_ptr<predict::FaceFinder> Detectors::open(const detect::DetectorChoice& choice) const {
  predict::FindOptions find{
      .crop = predict::usual_crop(choice.name), .small_faces = config_.small_faces, .track = true};
  find.crop.align = config_.align;
  const auto most = static_cast<std::size_t>(std::min(config_.threads, kMostDetectors));
  return std::make_unique<predict::FaceFinder>([choice] { return detect::open_detector(choice); },
                                               most, find);
}

predict::FaceFinder& Detectors::find(const std::string& name, const std::string& part) {
  const std::string& wanted = name.empty() || name == "auto" ? usual_ : name;
  const auto choice = choices_.find(wanted);
  if (choice == choices_.end()) {
    throw Problem(400, "there is no detector " + quote(wanted))
        .in(part)
        .allowed("auto, " + join(names_, ", "));
  }
  const std::lock_guard lock(mutex_);
  std::unique_ptr<predict::FaceFinder>& finder = finders_[wanted];
  try {
    if (!finder) finder = open(choice->second);
  } catch (const Error&) {
    throw Problem(503, "the detector " + quote(wanted) + " cannot be opened").in(part);
  }
  return *finder;
}

}  // namespace fer::serve
