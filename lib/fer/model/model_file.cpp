#include "fer/model/model_file.h"

#include <cstdint>
#include <cstring>
#include <deque>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/half.h"
#include "fer/core/safetensors_writer.h"
#include "fer/core/text.h"
#include "fer/graph/architectures.h"
#include "fer/graph/eight_bit.h"
#include "fer/graph/net_cost.h"

namespace fer::model {

namespace {

bool is_float(StoredType type) {
  return type == StoredType::f64 || type == StoredType::f32 || type == StoredType::f16 ||
         type == StoredType::bf16;
}

bool is_hashes(const StoredTensor& tensor) {
  return tensor.name == kHashesTensor || tensor.name == kSelectionTensor;
}

// Tensors to write: some lie in a file, others were made here.
class Rewriting {
 public:
  explicit Rewriting(const SafetensorsFile& file) : file_(file) {}

  void add(const StoredTensor& tensor, WeightPrecision precision) {
    if (!is_float(tensor.type)) {
      tensors_.push_back({tensor.name, tensor.type, tensor.shape, file_.bytes(tensor)});
      return;
    }
    const std::vector<float> numbers = file_.floats(tensor);
    const bool halves = precision == WeightPrecision::float16 && tensor.shape.size() > 1;
    if (halves) {
      keep(tensor, StoredType::f16, to_halves(numbers, tensor.name));
    } else {
      keep(tensor, StoredType::f32, numbers);
    }
  }

  void add_hashes(std::string_view name, const std::vector<std::uint64_t>& hashes) {
    if (hashes.empty()) return;
    const auto count = static_cast<std::int64_t>(hashes.size());
    keep({.name = std::string(name), .shape = {count}}, StoredType::i64, hashes);
  }

  void write(const std::filesystem::path& path, const ModelInfo& info, Existing existing) && {
    write_safetensors(path, model_metadata(info), std::move(tensors_), existing);
  }

 private:
  template <typename Number>
  void keep(const StoredTensor& tensor, StoredType type, const std::vector<Number>& numbers) {
    std::string& bytes = made_.emplace_back(numbers.size() * sizeof(Number), '\0');
    if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
    tensors_.push_back({tensor.name, type, tensor.shape, bytes});
  }

  const SafetensorsFile& file_;
  std::deque<std::string> made_;  // a deque, which does not move its elements
  std::vector<TensorBytes> tensors_;
};

Model model_of(const SafetensorsFile& file) {
  ModelInfo info = read_model_info(file);
  if (!info.is_imported()) return {std::move(info), graph::weights_of(file)};
  const StoredTensor* onnx = file.find(kOnnxTensor);
  if (onnx == nullptr || onnx->type != StoredType::u8) {
    throw Error(file.path() + ": has no tensor " + quote(kOnnxTensor) + " of bytes");
  }
  return imported_model(std::move(info), file.bytes(*onnx), file.path());
}

}  // namespace

Model read_model(const std::filesystem::path& path) { return model_of(SafetensorsFile(path)); }

std::int64_t Model::parameters() const {
  return imported ? imported->parameters : graph::parameter_count(weights);
}

graph::Graph graph_of(const Model& model, const std::string& origin) {
  if (model.imported) return model.imported->graph;
  graph::Graph graph =
      graph::graph_of(model.info.architecture, static_cast<std::int64_t>(model.info.labels.size()),
                      model.info.net, model.weights, origin, model.info.input.cut.format);
  try {
    graph::set_input_scales(graph, model.info.eight_bit.of_inputs);
  } catch (const Error& error) {
    throw Error(origin + ": metadata 'eight_bit' fits another network: it " + error.what());
  }
  return graph;
}

Model imported_model(ModelInfo info, std::string_view onnx, const std::string& origin) {
  Model model{.info = std::move(info), .weights = {}};
  model.imported = std::make_shared<const ImportedNetwork>(
      read_imported(onnx, model.info.input, model.info.onnx, model.info.labels.size(), origin));
  return model;
}

void write_imported(const ModelInfo& info, std::string_view onnx, const std::filesystem::path& to) {
  const auto size = static_cast<std::int64_t>(onnx.size());
  write_safetensors(to, model_metadata(info),
                    {{std::string(kOnnxTensor), StoredType::u8, {size}, onnx}}, Existing::kept);
}

void rewrite_model(const std::filesystem::path& from, const ModelInfo& info,
                   WeightPrecision precision, const std::filesystem::path& to, Existing existing) {
  const SafetensorsFile file(from);
  const Model model = model_of(file);
  graph_of(model, from.string());  // checks that it is a model
  if (model.imported && precision != WeightPrecision::float32) {
    throw Error(from.string() +
                ": holds an ONNX file, whose weights stay as they are; only networks of fer-train "
                "are stored as " +
                choice_name(precision));
  }
  Rewriting rewriting(file);
  for (const StoredTensor& tensor : file.tensors()) {
    if (!is_hashes(tensor)) rewriting.add(tensor, precision);
  }
  rewriting.add_hashes(kHashesTensor, info.training.image_hashes);
  rewriting.add_hashes(kSelectionTensor, info.training.selection_hashes);
  std::move(rewriting).write(to, info, existing);
}

}  // namespace fer::model
