#include "fer/train/checkpoint.h"

#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/file_kind.h"
#include "fer/core/json_text.h"
#include "fer/nn/model.h"
#include "fer/tensors/safetensors.h"

namespace fer::train {

namespace {

constexpr std::string_view kNet = "net/";
constexpr std::string_view kOptimizer = "optimizer/";
constexpr std::string_view kAverage = "average/";
constexpr std::string_view kLossScale = "loss_scale/";
const std::string kFormat = std::string(kCheckpointFormat) + "2";

using Tensors = std::map<std::string, at::Tensor>;

void add_under(std::string_view prefix, const Tensors& tensors, Tensors& all) {
  for (const auto& [name, tensor] : tensors) all[std::string(prefix) + name] = tensor;
}

Tensors take_under(std::string_view prefix, const Tensors& all) {
  Tensors taken;
  for (const auto& [name, tensor] : all) {
    if (name.starts_with(prefix)) taken[name.substr(prefix.size())] = tensor;
  }
  return taken;
}

tensors::Safetensors read_checkpoint(const std::filesystem::path& path) {
  tensors::Safetensors file = tensors::read_safetensors(path);
  check_own_file(path.string(), file.metadata, OwnFile::checkpoint);
  if (file.metadata["format"] != kFormat) {
    throw Error(path.string() + ": is not a checkpoint of this program's version");
  }
  return file;
}

RunIdentity identity_of(std::map<std::string, std::string> metadata) {
  return {metadata["recipe"], metadata["data_fingerprint"], metadata["images"]};
}

Tensors numbered(const std::vector<at::Tensor>& tensors) {
  Tensors named;
  for (std::size_t i = 0; i < tensors.size(); ++i) named[std::to_string(i)] = tensors[i];
  return named;
}

void restore_loss_scale(LossScale& scale, const Tensors& saved, const std::string& origin) {
  for (auto& [name, tensor] : numbered(scale.state())) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != tensor.sizes()) {
      throw Error(origin + ": has no loss scale, which a run in fp16 needs");
    }
    at::Tensor(tensor).copy_(found->second);
  }
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const nn::Classifier& net,
                     TrainingStep& step, const TrainingState& state, const RunIdentity& run) {
  tensors::Safetensors file;
  add_under(kNet, nn::named_weights(net), file.tensors);
  add_under(kOptimizer, step.optimizer().state(), file.tensors);
  add_under(kAverage, step.average().state(), file.tensors);
  add_under(kLossScale, numbered(step.loss_scale().state()), file.tensors);
  file.metadata = {{"format", kFormat},
                   {"state", to_json(state).dump()},
                   {"recipe", run.recipe},
                   {"data_fingerprint", run.data_fingerprint},
                   {"images", run.images}};
  tensors::write_safetensors(path, file);
}

RunIdentity read_identity(const std::filesystem::path& path) {
  return identity_of(read_checkpoint(path).metadata);
}

RestoredRun load_checkpoint(const std::filesystem::path& path, nn::Classifier& net,
                            TrainingStep& step) {
  tensors::Safetensors file = read_checkpoint(path);
  const auto state = parse_json(file.metadata["state"]);
  RestoredRun restored{training_state_from_json(state, path.string()), identity_of(file.metadata)};
  nn::copy_weights(take_under(kNet, file.tensors), net, path.string());
  step.optimizer().restore(take_under(kOptimizer, file.tensors), path.string());
  step.average().restore(take_under(kAverage, file.tensors), path.string());
  restore_loss_scale(step.loss_scale(), take_under(kLossScale, file.tensors), path.string());
  return restored;
}

}  // namespace fer::train
