#include "fer/infer/face_model.h"

#include <algorithm>
#include <cstdint>

#include "fer/core/error.h"

namespace fer::infer {

namespace {

// Views are floats: so many faces have a few megabytes of them.
constexpr std::size_t kFacesAtOnce = 512;

// FacePixels are arrays, so that a span of them is one block of bytes.
std::span<const std::uint8_t> bytes_of(std::span<const FacePixels> faces) {
  if (faces.empty()) return {};
  return {faces.front().data(), faces.size() * kFacePixels};
}

// What a stranger's file says is not taken for granted.
const model::Model& checked(const model::Model& model, const std::string& origin) {
  const model::InputSpec& input = model.info.input;
  if (input.side == kFaceSide && input.channels == 1) return model;
  throw Error(origin + ": takes " + std::to_string(input.channels) + " channels of " +
              std::to_string(input.side) + "x" + std::to_string(input.side) +
              " pixels; this version runs models of 48x48 grey levels");
}

}  // namespace

FaceModel::FaceModel(const model::Model& model, const std::string& origin,
                     runtime::Precision precision)
    : classes_(checked(model, origin).info.labels.size()),
      normalisation_(model.info.input),
      levels_(normalisation_.scale, normalisation_.shift),
      temperature_(model.info.temperature),
      executable_(model::graph_of(model, origin), {.precision = precision}) {}

std::vector<float> FaceModel::logits(std::span<const float> faces, runtime::Team& team) const {
  return std::move(executable_.run(faces, team).front());
}

std::vector<float> FaceModel::probabilities(std::span<const FacePixels> faces, Tta tta,
                                            runtime::Team& team) const {
  const auto classes = static_cast<std::int64_t>(classes_);
  if (faces.empty()) return {};
  if (tta == Tta::none) {
    std::vector<float> rows = std::move(executable_.run(bytes_of(faces), levels_, team).front());
    runtime::softmax_rows(rows, classes, temperature_);
    return rows;
  }
  std::vector<float> all;
  all.reserve(faces.size() * classes_);
  for (std::size_t first = 0; first < faces.size(); first += kFacesAtOnce) {
    const auto some = faces.subspan(first, std::min(kFacesAtOnce, faces.size() - first));
    const std::vector<float> rows = mean_over_views(some, tta, team);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

std::vector<float> FaceModel::mean_over_views(std::span<const FacePixels> faces, Tta tta,
                                              runtime::Team& team) const {
  std::vector<float> sum(faces.size() * classes_);
  std::vector<float> normalised(faces.size() * kFacePixels);
  for_each_view(faces, tta, [&](std::span<const float> levels) {
    std::transform(levels.begin(), levels.end(), normalised.begin(), normalisation_);
    std::vector<float> rows = logits(normalised, team);
    runtime::softmax_rows(rows, static_cast<std::int64_t>(classes_), temperature_);
    std::transform(sum.begin(), sum.end(), rows.begin(), sum.begin(), std::plus<>());
  });
  const auto views = static_cast<float>(view_count(tta));
  for (float& number : sum) number /= views;
  return sum;
}

}  // namespace fer::infer
