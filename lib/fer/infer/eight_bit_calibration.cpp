#include "fer/infer/eight_bit_calibration.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/eight_bit.h"
#include "fer/infer/face_input.h"
#include "fer/runtime/executable.h"

namespace fer::infer {

namespace {

constexpr std::size_t kBins = 2048;
constexpr std::size_t kLeastBins = 256;  // that are not cut off; fewer would be too coarse
constexpr std::size_t kPixelsAtOnce = 16 * kFacePixels;  // of faces whose maps are all kept
constexpr double kSteps = 255.0;

// The distribution of one value's numbers over all faces.
struct Range {
  graph::ValueId value = 0;
  float largest = 0.0F;
  std::vector<double> counts = std::vector<double>(kBins, 0.0);

  void widen(const std::vector<float>& numbers) {
    largest = std::max(largest, *std::max_element(numbers.begin(), numbers.end()));
  }
  double bin() const { return double{largest} / kBins; }
  void count(const std::vector<float>& numbers) {
    const auto per_number = static_cast<float>(kBins) / largest;
    for (const float number : numbers) {
      if (!(number > 0.0F)) continue;
      ++counts[std::min(static_cast<std::size_t>(number * per_number), kBins - 1)];
    }
  }
};

class Calibration {
 public:
  Calibration(graph::Graph graph, const model::InputSpec& input)
      : products_(graph::products_of(graph)), input_(input) {
    const FaceFormat& format = input.cut.format;
    const auto shapes = graph::shapes_of(graph, format.height, format.width);
    const std::vector<bool> fit = graph::eight_bit_values(graph, shapes);
    graph.outputs.clear();
    for (std::size_t value = 0; value < fit.size(); ++value) {
      if (!fit[value]) continue;
      graph.outputs.push_back(value);
      ranges_.emplace_back().value = value;
    }
    if (ranges_.empty()) return;
    executable_.emplace(graph,
                        runtime::CompileOptions{.height = format.height, .width = format.width});
  }

  bool is_empty() const { return ranges_.empty(); }

  // Runs all faces twice, because the largest numbers set the width of the bins.
  void see(FacesView faces, runtime::Team& team) {
    each_map(faces, team, [](Range& range, const auto& numbers) { range.widen(numbers); });
    each_map(faces, team, [](Range& range, const auto& numbers) { range.count(numbers); });
  }

  // The scale of each layer; 0 for a layer that reads only zeros.
  std::map<std::string, double> scales() const {
    std::map<std::string, double> scales;
    for (const Range& range : ranges_) {
      const double step = range.largest > 0.0F ? best_step(range.counts, range.bin()) : 0.0;
      for (const graph::Product& product : products_) {
        if (product.from == range.value) scales[product.name] = step;
      }
    }
    return scales;
  }

 private:
  template <typename Function>
  void each_map(FacesView faces, runtime::Team& team, const Function& f) {
    const auto pixels = static_cast<std::size_t>(input_.format().width * input_.format().height);
    const std::size_t at_once = std::max<std::size_t>(kPixelsAtOnce / pixels, 1);
    for (std::size_t first = 0; first < faces.size(); first += at_once) {
      const auto some = faces.subspan(first, std::min(at_once, faces.size() - first));
      const std::vector<float> levels(some.bytes().begin(), some.bytes().end());
      const auto maps = executable_->run(input_.of(levels, some.format()), team);
      for (std::size_t i = 0; i < ranges_.size(); ++i) f(ranges_[i], maps[i]);
    }
  }

  std::vector<graph::Product> products_;
  FaceInput input_;
  std::vector<Range> ranges_;
  std::optional<runtime::Executable> executable_;
};

}  // namespace

double best_step(std::span<const double> counts, double bin) {
  double best = 0.0, least = std::numeric_limits<double>::infinity();
  // From the right: the numbers beyond bin k, as sums of 1, x and x squared.
  double beyond = 0.0, beyond_x = 0.0, beyond_square = 0.0, inside = 0.0;
  for (const double count : counts) inside += count;
  if (inside == 0.0) return 0.0;
  for (std::size_t k = counts.size(); k >= std::min(kLeastBins, counts.size()); --k) {
    const double limit = static_cast<double>(k) * bin, step = limit / kSteps;
    const double cut = beyond_square - 2.0 * limit * beyond_x + limit * limit * beyond;
    const double cost = inside * step * step / 12.0 + cut;
    if (cost < least) {
      least = cost;
      best = step;
    }
    const double middle = (static_cast<double>(k) - 0.5) * bin, count = counts[k - 1];
    inside -= count;
    beyond += count;
    beyond_x += count * middle;
    beyond_square += count * middle * middle;
  }
  return best;
}

std::map<std::string, double> input_scales(const model::Model& model, const std::string& origin,
                                           FacesView faces, runtime::Team& team) {
  if (faces.empty()) throw Error(origin + ": there are no faces to find its ranges from");
  Calibration calibration(model::graph_of(model, origin), model.info.input);
  if (calibration.is_empty()) {
    throw Error(origin + ": " + model.info.architecture +
                " has no layer that could run in 8-bit integers");
  }
  calibration.see(faces, team);
  std::map<std::string, double> scales = calibration.scales();
  for (const auto& [layer, scale] : scales) {
    if (scale == 0.0) {
      throw Error(origin + ": layer " + layer + " reads nothing but zeros for these faces");
    }
  }
  return scales;
}

}  // namespace fer::infer
