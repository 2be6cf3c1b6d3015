// An ONNX file by itself; or, after a description that ends with a zero byte, as a third-party
// classifier.
#include "fer/graph/onnx_file.h"
#include "fer/graph/onnx_graph.h"
#include "fer/model/imported_network.h"
#include "fer/model/onnx_description.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/network.h"

namespace fer::fuzz {

namespace {

constexpr const char* kName = "a.onnx";

void as_network(std::string_view onnx) {
  constexpr std::int64_t kSide = 32;
  may_refuse(kName, [&] {
    const graph::OnnxFile file = graph::read_onnx_file(onnx, kName);
    const graph::OnnxGraph made = graph::graph_of_onnx(file, {kSide, kSide}, kName);
    require(made.outputs.size() == made.graph.outputs.size(), "outputs have their facts");
    run_if_small(made.graph, kSide, kSide);
  });
}

void as_classifier(std::string_view description, std::string_view onnx) {
  read_file_of(description, [&](const std::filesystem::path& path) {
    const model::ModelInfo info = model::read_onnx_description(path);
    may_refuse(kName, [&] {
      const auto network =
          model::read_imported(onnx, info.input, info.onnx, info.labels.size(), kName);
      const FaceFormat& format = info.input.cut.format;
      run_if_small(network.graph, format.height, format.width);
    });
  });
}

}  // namespace

void onnx(std::string_view bytes) {
  if (!bytes.starts_with('{')) return as_network(bytes);
  const auto [description, file] = split_at(bytes, '\0');
  as_classifier(description, file);
}

}  // namespace fer::fuzz
