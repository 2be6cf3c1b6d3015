#include "fer/detect/open_detector.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/detect/detector_help.h"
#include "fer/detect/detector_kind.h"
#include "fer/detect/onnx_network.h"

namespace fer::detect {

namespace fs = std::filesystem;

namespace {

// The names of the usual files for an input of this side; all of them for 0.
std::vector<std::string> usual_files(const DetectorKind& kind, int side) {
  std::vector<std::string> names;
  for (const UsualFile& file : kind.files) {
    if (side == 0 || file.side == 0 || side == file.side) names.push_back(file.name);
  }
  return names;
}

std::string sides_of_files(const DetectorKind& kind) {
  std::vector<std::string> sides;
  for (const UsualFile& file : kind.files) {
    const std::string side = std::to_string(file.side);
    if (std::find(sides.begin(), sides.end(), side) == sides.end()) sides.push_back(side);
  }
  return join(sides, ", ");
}

fs::path usual_model(const DetectorKind& kind, int side) {
  if (kind.files.empty()) return {};
  const std::vector<std::string> names = usual_files(kind, side);
  const Folders folders = kind.folders();
  if (const auto found = find_detector_file(names, folders)) return *found;
  throw NotFoundError(kind.missing, "detector", kind.name, not_found_text(names, folders));
}

const DetectorKind& kind_of(const fs::path& model) {
  const std::string ending = to_lower(model.extension().string());
  std::optional<graph::OnnxFile> onnx;
  std::vector<std::string> known;
  for (const DetectorKind& kind : detector_kinds()) {
    if (!kind.file_ending.empty() && kind.file_ending == ending) return kind;
  }
  for (const DetectorKind& kind : detector_kinds()) {
    if (!kind.file_is.empty()) known.push_back(kind.file_is);
    if (kind.onnx_output.empty()) continue;
    if (!onnx) onnx = read_detector_file(model).onnx;
    if (onnx->has_output(kind.onnx_output)) return kind;
  }
  throw Error(model.string() + ": is neither " + join(known, " nor "));
}

// Collects the files that `auto` did not find, grouped by the folders that were searched.
class NotFound {
 public:
  void add(const DetectorKind& kind, const std::vector<std::string>& names) {
    if (searches_.empty() || searches_.back().first != kind.folders) {
      searches_.push_back({kind.folders, {}});
    }
    auto& all = searches_.back().second;
    all.insert(all.end(), names.begin(), names.end());
  }

  std::string text() const {
    std::vector<std::string> texts;
    for (const auto& [folders, names] : searches_) {
      texts.push_back(not_found_text(names, folders()));
    }
    return join(texts, "; ");
  }

 private:
  std::vector<std::pair<Folders (*)(), std::vector<std::string>>> searches_;
};

DetectorChoice best_available(int wanted_side) {
  NotFound missing;
  for (const DetectorKind& kind : detector_kinds()) {
    const int side = kind.sides.empty() ? 0 : wanted_side;
    const std::vector<std::string> names = usual_files(kind, side);
    if (names.empty()) continue;  // the detector needs no file, or has none for this side
    if (const auto found = find_detector_file(names, kind.folders())) {
      const std::string reason =
          kind.last_resort ? missing.text() + "; " + kind.name + " " + kind.remark
                           : "the first of " + searched_detectors() + " whose file was found";
      return {.name = kind.name, .model = *found, .side = side, .reason = reason};
    }
    missing.add(kind, names);
  }
  throw NotFoundError(Missing::detector, "detector", "auto", missing.text());
}

DetectorChoice choose_auto(const DetectorOptions& options) {
  if (options.model.empty()) return best_available(options.side);
  DetectorChoice choice = choose_detector(
      {.name = kind_of(options.model).name, .model = options.model, .side = options.side});
  choice.reason = "the kind of the given detector file";
  return choice;
}

DetectorChoice choose_named(const DetectorOptions& options) {
  const DetectorKind& kind = detector_kind(options.name);
  return {.name = options.name,
          .model = options.model.empty() ? usual_model(kind, options.side) : options.model,
          .side = options.side,
          .reason = ""};
}

}  // namespace

void check_detector(const DetectorOptions& options) {
  if (options.name == "auto") return;
  const DetectorKind& kind = detector_kind(options.name);
  if (!options.model.empty() && kind.files.empty()) {
    throw OptionError("detector_model", options.model.string() + " is given, but " +
                                            option("detector") + " " + options.name +
                                            " takes no model");
  }
  if (options.side != 0 && kind.sides.empty()) {
    throw OptionError("detector_size", std::to_string(options.side) + " is given, but " +
                                           option("detector") + " " + options.name +
                                           " takes no size");
  }
  const bool usual = options.model.empty() && !kind.files.empty();
  if (usual && usual_files(kind, options.side).empty()) {
    throw OptionError("detector_size", "there is no " + kind.name + " with an input of " +
                                           std::to_string(options.side) +
                                           " pixels; allowed: " + sides_of_files(kind));
  }
}

DetectorChoice choose_detector(const DetectorOptions& options) {
  check_detector(options);
  DetectorChoice choice = options.name == "auto" ? choose_auto(options) : choose_named(options);
  choice.precision = options.precision;
  return choice;
}

std::unique_ptr<Detector> open_detector(const DetectorChoice& choice) {
  return detector_kind(choice.name).open(choice.model, choice.side, choice.precision);
}

std::unique_ptr<Detector> make_detector(const DetectorOptions& options) {
  return open_detector(choose_detector(options));
}

}  // namespace fer::detect
