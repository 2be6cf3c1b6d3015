#include "fer/infer/grad_cam.h"

#include <algorithm>
#include <utility>

#include "fer/graph/tail.h"
#include "fer/infer/bilinear.h"

namespace fer::infer {

namespace {

constexpr std::int64_t kLeastMapSide = 6;
constexpr std::size_t kPixelsAtOnce = 64 * kFacePixels;  // of faces whose feature maps are kept

// Scales a map from 0 at its smallest value to 1 at its largest, because only differences between
// places matter. A constant map becomes 0.
void spread_to_one(std::vector<float>& map) {
  const auto [least, most] = std::minmax_element(map.begin(), map.end());
  const float low = *least, range = *most - low;
  for (float& number : map) number = range > 0.0F ? (number - low) / range : 0.0F;
}

// Scales a map bilinearly to the face's size.
std::vector<float> enlarged(const std::vector<float>& map, const graph::Shape& size,
                            const FaceFormat& face) {
  std::vector<float> fine;
  fine.reserve(static_cast<std::size_t>(face.width * face.height));
  for (int y = 0; y < face.height; ++y) {
    const Between row = place_of_pixel(y, static_cast<int>(size.height), face.height);
    for (int x = 0; x < face.width; ++x) {
      const Between col = place_of_pixel(x, static_cast<int>(size.width), face.width);
      const auto mixed = [&](std::int64_t line) {
        const auto* numbers = map.data() + line * size.width;
        return (1.0F - col.share) * numbers[col.first] + col.share * numbers[col.second];
      };
      fine.push_back((1.0F - row.share) * mixed(row.first) + row.share * mixed(row.second));
    }
  }
  return fine;
}

graph::Graph with_map(graph::Graph graph, graph::ValueId map) {
  graph.outputs.push_back(map);
  return graph;
}

}  // namespace

GradCam::GradCam(const model::Model& model, const std::string& origin)
    : GradCam(model::graph_of(model, origin), model.info.input) {}

GradCam::GradCam(graph::Graph graph, const model::InputSpec& input)
    : shapes_(graph::shapes_of(graph, input.cut.format.height, input.cut.format.width)),
      map_(graph::last_map(graph, shapes_, kLeastMapSide)),
      input_(input),
      executable_(with_map(graph, map_), {.height = input.cut.format.height,
                                          .width = input.cut.format.width,
                                          .precision = runtime::Precision::float32}) {
  graph_ = std::move(graph);
}

std::vector<float> GradCam::map_of(std::vector<float> features, std::size_t label,
                                   std::size_t classes) const {
  // The class's logit minus the mean of all logits, because an offset of all logits, which networks
  // do have, changes no probability.
  std::vector<float> direction(classes, -1.0F / static_cast<float>(classes));
  direction.at(label) += 1.0F;
  const std::vector<float> gradient =
      graph::tail_gradient(graph_, shapes_, map_, features, direction);
  const graph::Shape& size = shapes_[map_];
  const auto pixels = static_cast<std::size_t>(size.height * size.width);
  std::vector<float> map(pixels);
  for (std::size_t c = 0; c < static_cast<std::size_t>(size.channels); ++c) {
    float weight = 0.0F;
    for (std::size_t i = 0; i < pixels; ++i) weight += gradient[c * pixels + i];
    weight /= static_cast<float>(pixels);
    for (std::size_t i = 0; i < pixels; ++i) map[i] += weight * features[c * pixels + i];
  }
  for (float& number : map) number = std::max(number, 0.0F);
  return map;
}

std::vector<std::vector<float>> GradCam::maps(FacesView faces,
                                              std::span<const std::int64_t> classes,
                                              runtime::Team& team) const {
  std::vector<std::vector<float>> maps;
  const auto features = static_cast<std::size_t>(shapes_[map_].count());
  const auto pixels = static_cast<std::size_t>(input_.format().width * input_.format().height);
  const std::size_t at_once = std::max<std::size_t>(kPixelsAtOnce / pixels, 1);
  for (std::size_t first = 0; first < faces.size(); first += at_once) {
    const auto some = faces.subspan(first, std::min(at_once, faces.size() - first));
    const std::span<const std::uint8_t> bytes = some.bytes();
    const std::vector<float> levels(bytes.begin(), bytes.end());
    const std::vector<std::vector<float>> results =
        executable_.run(input_.of(levels, faces.format()), team);
    const std::size_t logits = results[0].size() / some.size();
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto begin = results[1].begin() + static_cast<std::ptrdiff_t>(i * features);
      const std::vector<float> map = map_of({begin, begin + static_cast<std::ptrdiff_t>(features)},
                                            static_cast<std::size_t>(classes[first + i]), logits);
      maps.push_back(enlarged(map, shapes_[map_], faces.format()));
      spread_to_one(maps.back());
    }
  }
  return maps;
}

}  // namespace fer::infer
