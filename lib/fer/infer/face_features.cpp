#include "fer/infer/face_features.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "fer/graph/features.h"
#include "fer/infer/classify_faces.h"
#include "fer/infer/face_input.h"
#include "fer/runtime/executable.h"
#include "fer/runtime/team.h"

namespace fer::infer {

namespace {

graph::Graph graph_for(const model::NamedModel& named) {
  graph::Graph net = model::graph_of(named.model, named.path.string());
  // An imported network may have one more layer after its output, which reorders the classes.
  const graph::ValueId own =
      named.model.imported ? named.model.imported->own_output : net.outputs.front();
  return graph::feature_graph(std::move(net), own);
}

class FeatureNetwork {
 public:
  FeatureNetwork(const model::NamedModel& named, std::optional<std::size_t> cut)
      : cut_(cut),
        input_(named.model.info.input),
        executable_(graph_for(named),
                    {.height = input_.format().height, .width = input_.format().width}) {}

  std::size_t size() const { return static_cast<std::size_t>(executable_.output().count()); }

  std::vector<std::vector<float>> of(FacesView faces, std::span<const FaceCuts> cuts) const {
    const bool cut_out = cut_ && !cuts.empty();
    std::vector<float> levels;
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const std::span<const std::uint8_t> bytes =
          cut_out ? std::span<const std::uint8_t>(cuts[i].at(*cut_)) : faces[i].bytes;
      levels.insert(levels.end(), bytes.begin(), bytes.end());
    }
    const std::vector<float> input = input_.of(levels, cut_out ? input_.format() : faces.format());
    const std::vector<float> numbers =
        std::move(executable_.run(input, runtime::own_team(1)).front());
    std::vector<std::vector<float>> rows;
    for (auto row = numbers.begin(); row != numbers.end(); row += std::ssize(rows.back())) {
      rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(size()));
    }
    return rows;
  }

 private:
  std::optional<std::size_t> cut_;
  FaceInput input_;
  runtime::Executable executable_;
};

}  // namespace

FaceFeatures features_with(const std::vector<model::NamedModel>& models,
                           const WantedFaces& wanted) {
  const auto network = std::make_shared<const FeatureNetwork>(
      models.front(), number_of_cut(wanted, models.front().model.info.input.cut));
  return {network->size(), [network](FacesView faces, std::span<const FaceCuts> cuts) {
            return network->of(faces, cuts);
          }};
}

}  // namespace fer::infer
