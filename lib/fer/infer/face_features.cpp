#include "fer/infer/face_features.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "fer/graph/features.h"
#include "fer/infer/face_input.h"
#include "fer/runtime/executable.h"
#include "fer/runtime/team.h"

namespace fer::infer {

namespace {

graph::Graph graph_for(const model::NamedModel& named) {
  graph::Graph net = model::graph_of(named.model, named.path.string());
  // Behind the output of an ONNX file's network there may be one more layer, which orders classes.
  const graph::ValueId own =
      named.model.imported ? named.model.imported->own_output : net.outputs.front();
  return graph::feature_graph(std::move(net), own);
}

class FeatureNetwork {
 public:
  FeatureNetwork(const model::NamedModel& named, std::size_t cut)
      : cut_(cut),
        input_(named.model.info.input),
        executable_(graph_for(named),
                    {.height = input_.format().height, .width = input_.format().width}) {}

  std::size_t size() const { return static_cast<std::size_t>(executable_.output().count()); }

  std::vector<std::vector<float>> of(std::span<const FacePixels> faces,
                                     std::span<const FaceCuts> cuts) const {
    const bool cut_out = cut_ != kUsualCut && !cuts.empty();
    std::vector<float> levels;
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const std::span<const std::uint8_t> bytes =
          cut_out ? std::span<const std::uint8_t>(cuts[i].at(cut_)) : std::span(faces[i]);
      levels.insert(levels.end(), bytes.begin(), bytes.end());
    }
    const std::vector<float> numbers = std::move(
        executable_
            .run(cut_out ? input_.of_cuts(levels) : input_.of_grey(levels), runtime::own_team(1))
            .front());
    std::vector<std::vector<float>> rows;
    for (auto row = numbers.begin(); row != numbers.end(); row += std::ssize(rows.back())) {
      rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(size()));
    }
    return rows;
  }

  static constexpr std::size_t kUsualCut = static_cast<std::size_t>(-1);

 private:
  std::size_t cut_;
  FaceInput input_;
  runtime::Executable executable_;
};

}  // namespace

FaceFeatures features_with(const std::vector<model::NamedModel>& models,
                           const std::vector<FaceCut>& wanted) {
  const FaceCut& cut = models.front().model.info.input.cut;
  const auto found = std::find(wanted.begin(), wanted.end(), cut);
  const std::size_t number = found == wanted.end()
                                 ? FeatureNetwork::kUsualCut
                                 : static_cast<std::size_t>(found - wanted.begin());
  const auto network = std::make_shared<const FeatureNetwork>(models.front(), number);
  return {network->size(),
          [network](std::span<const FacePixels> faces, std::span<const FaceCuts> cuts) {
            return network->of(faces, cuts);
          }};
}

}  // namespace fer::infer
