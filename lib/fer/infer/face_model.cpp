#include "fer/infer/face_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::infer {

namespace {

// The most numbers of views at once; as floats they take a few megabytes.
constexpr std::size_t kNumbersAtOnce = 512 * kFacePixels;

// Checks an untrusted file: networks of the table take only faces in formats of data sets.
const model::Model& checked(const model::Model& model, const std::string& origin) {
  const FaceCut& cut = model.info.input.cut;
  if (model.imported || (is_data_format(cut.format) && cut.margin == 0.0)) return model;
  throw Error(origin + ": takes faces of " + text_of(cut.format) +
              " pixels; networks of this architecture take square ones of " +
              std::to_string(kLeastFaceSide) + " to " + std::to_string(kMostFaceSide) +
              " pixels a side, grey or rgb");
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

// @throws fer::Error if `number` is no probability, which means that the network's description is
// wrong.
void check_probability(float number, const std::string& origin) {
  constexpr float kRounding = 0.01F;  // error of bfloat16
  if (!(number < -kRounding) && !(number > 1.0F + kRounding)) return;
  throw Error(origin + ": puts out " + fixed(double{number}, 3) +
              ", which is no probability; where its description says that 'output' is "
              "probabilities, it should say logits");
}

}  // namespace

FaceModel::FaceModel(const model::Model& model, const std::string& origin,
                     runtime::Precision precision)
    : origin_(origin),
      classes_(checked(model, origin).info.labels.size()),
      cut_(model.info.input.cut),
      input_(model.info.input),
      levels_(levels_of(model.info.input)),
      temperature_(model.info.temperature),
      gives_probabilities_(model.imported && model.imported->probabilities),
      executable_(model::graph_of(model, origin), compile_options(model.info.input, precision)) {}

std::vector<float> FaceModel::logits(std::span<const float> faces, runtime::Team& team) const {
  std::vector<float> rows = std::move(executable_.run(faces, team).front());
  if (!gives_probabilities_) return rows;
  // The probabilities are the softmax of their logarithms.
  for (float& number : rows) {
    check_probability(number, origin_);
    number = std::log(std::max(number, std::numeric_limits<float>::min()));
  }
  return rows;
}

void FaceModel::make_probabilities(std::vector<float>& rows) const {
  runtime::softmax_rows(rows, static_cast<std::int64_t>(classes_), temperature_);
}

std::vector<float> FaceModel::probabilities(FacesView faces, Tta tta, runtime::Team& team) const {
  if (faces.bytes().size() % faces.format().bytes() != 0) {
    throw Error("faces have " + std::to_string(faces.format().bytes()) + " bytes each; there are " +
                std::to_string(faces.bytes().size()));
  }
  if (faces.empty()) return {};
  const bool as_they_are = faces.format() == cut_.format && cut_.format.channels() == 1;
  if (tta == Tta::none && as_they_are && !gives_probabilities_) {
    std::vector<float> rows = std::move(executable_.run(faces.bytes(), levels_, team).front());
    make_probabilities(rows);
    return rows;
  }
  const std::size_t numbers = std::max(faces.format().bytes(), cut_.format.bytes());
  const std::size_t at_once =
      std::max(kNumbersAtOnce / numbers, static_cast<std::size_t>(team.size()));
  std::vector<float> all;
  all.reserve(faces.size() * classes_);
  for (std::size_t first = 0; first < faces.size(); first += at_once) {
    const std::vector<float> rows =
        mean_over_views(faces.subspan(first, std::min(at_once, faces.size() - first)), tta, team);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

std::vector<float> FaceModel::mean_over_views(FacesView faces, Tta tta, runtime::Team& team) const {
  std::vector<float> sum(faces.size() * classes_);
  for_each_view(faces, tta, [&](std::span<const float> levels) {
    std::vector<float> rows = logits(input_.of(levels, faces.format()), team);
    make_probabilities(rows);
    std::transform(sum.begin(), sum.end(), rows.begin(), sum.begin(), std::plus<>());
  });
  const auto views = static_cast<float>(view_count(tta));
  for (float& number : sum) number /= views;
  return sum;
}

}  // namespace fer::infer
