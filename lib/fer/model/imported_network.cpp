#include "fer/model/imported_network.h"

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/label_set.h"
#include "fer/core/text.h"
#include "fer/graph/onnx_file.h"
#include "fer/graph/onnx_graph.h"
#include "fer/graph/prune.h"

namespace fer::model {

namespace {

using graph::OnnxFile;
using graph::OnnxGraph;
using graph::OnnxValue;

// "[N,3,112,112]"
std::string dims_text(const std::vector<std::int64_t>& dims) {
  std::vector<std::string> sizes;
  for (const std::int64_t dim : dims) sizes.push_back(dim < 0 ? "N" : std::to_string(dim));
  return "[" + join(sizes, ",") + "]";
}

// If the file fixes the size of its input, the description must have the same size: a network that
// ends in a mean takes any size and would silently give wrong answers.
void check_input(const OnnxFile& file, const FaceFormat& format, bool channels_last,
                 const std::string& origin) {
  if (file.inputs.size() != 1) {
    throw Error(origin + ": it has " + std::to_string(file.inputs.size()) +
                " inputs; a classifier of faces has one");
  }
  const std::vector<std::int64_t>& dims = file.inputs[0].dims;
  std::vector<std::int64_t> wanted{-1, format.channels(), format.height, format.width};
  if (channels_last) wanted = {-1, format.height, format.width, format.channels()};
  bool fits = dims.size() == wanted.size();
  for (std::size_t i = 1; fits && i < dims.size(); ++i) {
    fits = dims[i] <= 0 || dims[i] == wanted[i];
  }
  if (fits) return;
  throw Error(origin + ": its input " + quote(file.inputs[0].name) + " is " + dims_text(dims) +
              ", not " + dims_text(wanted) +
              " as \"size\", \"colour\" and \"layout\" of the description say");
}

std::size_t output_number(const OnnxGraph& net, const std::string& wanted,
                          const std::string& origin) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < net.outputs.size(); ++i) {
    if (net.outputs[i].name == wanted || (wanted.empty() && net.outputs.size() == 1)) return i;
    names.push_back(quote(net.outputs[i].name));
  }
  throw Error(origin + ": " +
              (wanted.empty() ? "it has several outputs, and \"output_name\" does not say which one"
                              : "it has no output " + quote(wanted)) +
              "; its outputs: " + join(names, ", "));
}

// The number of outputs.
std::int64_t count_outputs(const graph::Shape& shape, const std::string& origin) {
  if (shape.channels > static_cast<std::int64_t>(LabelSet::kMaxClasses)) {
    throw Error(origin + ": it puts out " + std::to_string(shape.channels) + " numbers; at most " +
                std::to_string(LabelSet::kMaxClasses) + " classes are allowed");
  }
  if (shape.height * shape.width == 1) return shape.channels;
  throw Error(origin + ": its output is a map of " + std::to_string(shape.width) + "x" +
              std::to_string(shape.height) + " pixels, not a number for each class");
}

void check_rows(std::int64_t outputs, const OnnxUse& use, std::size_t classes,
                const std::string& origin) {
  const auto is_there = [&](std::int64_t row) { return row >= 0 && row < outputs; };
  const bool fits = use.rows.empty() ? outputs == static_cast<std::int64_t>(classes)
                                     : use.rows.size() == classes && use.numbers == outputs &&
                                           std::all_of(use.rows.begin(), use.rows.end(), is_there);
  if (fits) return;
  throw Error(origin + ": it puts out " + std::to_string(outputs) +
              " numbers, and the description has " +
              (use.rows.empty() ? std::to_string(classes) + " classes"
                                : std::to_string(use.numbers) + " classes and nulls") +
              "; \"labels\" has a name for each number, or null for one to leave out");
}

}  // namespace

ImportedNetwork read_imported(std::string_view onnx, const InputSpec& input, const OnnxUse& use,
                              std::size_t classes, const std::string& origin) {
  const OnnxFile file = graph::read_onnx_file(onnx, origin);
  const FaceFormat& format = input.cut.format;
  check_input(file, format, use.channels_last, origin);
  OnnxGraph net = graph::graph_of_onnx(
      file, {format.height, format.width, format.channels(), use.channels_last}, origin);
  const std::size_t number = output_number(net, use.output, origin);
  const bool softmax = net.outputs[number].softmax, log = net.outputs[number].log;
  if (softmax && use.probabilities == log) {
    // The logarithm counts as logits, from which it differs only by the same number for all
    // classes.
    throw Error(origin +
                (log ? ": it ends in the logarithm of a softmax, so that field 'output' is "
                       "logits, not probabilities"
                     : ": it ends in a softmax, so that field 'output' is "
                       "probabilities, not logits"));
  }
  ImportedNetwork network{.graph = std::move(net.graph),
                          .probabilities = use.probabilities && !softmax};
  network.graph.outputs = {network.graph.outputs[number]};
  network.graph = graph::pruned(network.graph);
  network.own_output = network.graph.outputs.front();
  for (const auto& [name, tensor] : file.weights) {
    network.parameters += static_cast<std::int64_t>(tensor.values.size());
  }
  const auto shapes = graph::shapes_of(network.graph, format.height, format.width);
  network.outputs = count_outputs(shapes[network.graph.outputs.front()], origin);
  check_rows(network.outputs, use, classes, origin);
  if (!use.rows.empty()) choose_rows(network, use.rows);
  return network;
}

void choose_rows(ImportedNetwork& network, const std::vector<std::int64_t>& rows) {
  graph::Linear choice{
      .from = network.graph.outputs.front(),
      .outputs = static_cast<std::int64_t>(rows.size()),
      .weights = std::vector<float>(rows.size() * static_cast<std::size_t>(network.outputs), 0.0F),
      .bias = std::vector<float>(rows.size(), 0.0F)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    choice.weights[i * static_cast<std::size_t>(network.outputs) +
                   static_cast<std::size_t>(rows[i])] = 1.0F;
  }
  network.graph.outputs = {network.graph.add(std::move(choice))};
  network.outputs = static_cast<std::int64_t>(rows.size());
}

}  // namespace fer::model
