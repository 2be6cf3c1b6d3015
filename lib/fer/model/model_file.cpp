#include "fer/model/model_file.h"

#include <cstdint>
#include <cstring>
#include <deque>
#include <vector>

#include "fer/core/half.h"
#include "fer/core/safetensors_writer.h"
#include "fer/graph/architectures.h"

namespace fer::model {

namespace {

bool is_float(StoredType type) {
  return type == StoredType::f64 || type == StoredType::f32 || type == StoredType::f16 ||
         type == StoredType::bf16;
}

bool is_hashes(const StoredTensor& tensor) {
  return tensor.name == kHashesTensor || tensor.name == kSelectionTensor;
}

// Tensors to write, some of which are in a file and some made here.
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

  void write(const std::filesystem::path& path, const ModelInfo& info) && {
    write_safetensors(path, model_metadata(info), std::move(tensors_));
  }

 private:
  template <typename Number>
  void keep(const StoredTensor& tensor, StoredType type, const std::vector<Number>& numbers) {
    std::string& bytes = made_.emplace_back(numbers.size() * sizeof(Number), '\0');
    if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
    tensors_.push_back({tensor.name, type, tensor.shape, bytes});
  }

  const SafetensorsFile& file_;
  std::deque<std::string> made_;  // which does not move what it holds
  std::vector<TensorBytes> tensors_;
};

Model model_of(const SafetensorsFile& file) {
  return {read_model_info(file), graph::weights_of(file)};
}

}  // namespace

Model read_model(const std::filesystem::path& path) { return model_of(SafetensorsFile(path)); }

graph::Graph graph_of(const Model& model, const std::string& origin) {
  return graph::graph_of(model.info.architecture,
                         static_cast<std::int64_t>(model.info.labels.size()), model.info.net,
                         model.weights, origin);
}

void rewrite_model(const std::filesystem::path& from, const ModelInfo& info,
                   WeightPrecision precision, const std::filesystem::path& to) {
  const SafetensorsFile file(from);
  graph_of(model_of(file), from.string());  // only what is a model is written as one
  Rewriting rewriting(file);
  for (const StoredTensor& tensor : file.tensors()) {
    if (!is_hashes(tensor)) rewriting.add(tensor, precision);
  }
  rewriting.add_hashes(kHashesTensor, info.training.image_hashes);
  rewriting.add_hashes(kSelectionTensor, info.training.selection_hashes);
  std::move(rewriting).write(to, info);
}

}  // namespace fer::model
