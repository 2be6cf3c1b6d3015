#include "fer/infer/face_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "fer/core/error.h"

namespace fer::infer {

namespace {

// Views are floats: so many numbers have a few megabytes.
constexpr std::size_t kNumbersAtOnce = 512 * kFacePixels;

// What a stranger's file says is not taken for granted: networks of the table take faces of data
// sets.
const model::Model& checked(const model::Model& model, const std::string& origin) {
  const FaceFormat& format = model.info.input.cut.format;
  if (model.imported || format == FaceFormat{}) return model;
  throw Error(origin + ": takes " + std::to_string(format.channels()) + " channels of " +
              std::to_string(format.width) + "x" + std::to_string(format.height) +
              " pixels; networks of this architecture take 48x48 grey levels");
}

runtime::GreyLevels levels_of(const model::InputSpec& input) {
  const model::Normalisation rule(input);
  return {rule.scale, rule.shift};
}

runtime::CompileOptions compile_options(const model::InputSpec& input,
                                        runtime::Precision precision) {
  return {
      .height = input.cut.format.height, .width = input.cut.format.width, .precision = precision};
}

}  // namespace

FaceModel::FaceModel(const model::Model& model, const std::string& origin,
                     runtime::Precision precision)
    : classes_(checked(model, origin).info.labels.size()),
      cut_(model.info.input.cut),
      input_(model.info.input),
      levels_(levels_of(model.info.input)),
      temperature_(model.info.temperature),
      gives_probabilities_(model.imported && model.imported->probabilities),
      executable_(model::graph_of(model, origin), compile_options(model.info.input, precision)) {}

std::vector<float> FaceModel::logits(std::span<const float> faces, runtime::Team& team) const {
  std::vector<float> rows = std::move(executable_.run(faces, team).front());
  if (!gives_probabilities_) return rows;
  // Their logarithms have them as softmax.
  for (float& number : rows) {
    number = std::log(std::max(number, std::numeric_limits<float>::min()));
  }
  return rows;
}

void FaceModel::make_probabilities(std::vector<float>& rows) const {
  runtime::softmax_rows(rows, static_cast<std::int64_t>(classes_), temperature_);
}

std::vector<float> FaceModel::probabilities(std::span<const FacePixels> faces, Tta tta,
                                            runtime::Team& team) const {
  if (faces.empty()) return {};
  if (tta == Tta::none && cut_.format == FaceFormat{} && !gives_probabilities_) {
    std::vector<float> rows = std::move(executable_.run(bytes_of(faces), levels_, team).front());
    make_probabilities(rows);
    return rows;
  }
  return of_bytes(bytes_of(faces), FaceFormat{}, tta, team);
}

std::vector<float> FaceModel::probabilities_of_cuts(std::span<const std::uint8_t> cuts, Tta tta,
                                                    runtime::Team& team) const {
  if (cuts.size() % cut_.format.bytes() != 0) {
    throw Error("faces have " + std::to_string(cut_.format.bytes()) + " bytes each; there are " +
                std::to_string(cuts.size()));
  }
  return of_bytes(cuts, cut_.format, tta, team);
}

// `format`: of the faces, which is either the network's or that of data sets.
std::vector<float> FaceModel::of_bytes(std::span<const std::uint8_t> faces,
                                       const FaceFormat& format, Tta tta,
                                       runtime::Team& team) const {
  const std::size_t count = faces.size() / format.bytes();
  const std::size_t numbers = std::max(format.bytes(), cut_.format.bytes());
  const std::size_t at_once = std::max<std::size_t>(kNumbersAtOnce / numbers, 1);
  std::vector<float> all;
  all.reserve(count * classes_);
  for (std::size_t first = 0; first < count; first += at_once) {
    const std::size_t some = std::min(at_once, count - first);
    const std::vector<float> rows = mean_over_views(
        faces.subspan(first * format.bytes(), some * format.bytes()), format, tta, team);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

std::vector<float> FaceModel::mean_over_views(std::span<const std::uint8_t> faces,
                                              const FaceFormat& format, Tta tta,
                                              runtime::Team& team) const {
  const bool is_cut = format == cut_.format;
  std::vector<float> sum(faces.size() / format.bytes() * classes_);
  for_each_view(faces, format, tta, [&](std::span<const float> levels) {
    std::vector<float> rows =
        logits(is_cut ? input_.of_cuts(levels) : input_.of_grey(levels), team);
    make_probabilities(rows);
    std::transform(sum.begin(), sum.end(), rows.begin(), sum.begin(), std::plus<>());
  });
  const auto views = static_cast<float>(view_count(tta));
  for (float& number : sum) number /= views;
  return sum;
}

}  // namespace fer::infer
