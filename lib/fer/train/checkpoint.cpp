#include "fer/train/checkpoint.h"

#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/model/model_file.h"
#include "fer/model/safetensors.h"

namespace fer {

namespace {

constexpr std::string_view kNet = "net/";
constexpr std::string_view kOptimizer = "optimizer/";
constexpr const char* kFormat = "fer checkpoint 1";

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

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Classifier& net,
                     const Adam& optimizer, const TrainingState& state, const RunIdentity& run) {
  Safetensors file;
  add_under(kNet, named_weights(net), file.tensors);
  add_under(kOptimizer, optimizer.state(), file.tensors);
  file.metadata = {{"format", kFormat},
                   {"state", to_json(state).dump()},
                   {"recipe", run.recipe},
                   {"data_fingerprint", run.data_fingerprint}};
  write_safetensors(path, file);
}

RestoredRun load_checkpoint(const std::filesystem::path& path, Classifier& net, Adam& optimizer) {
  Safetensors file = read_safetensors(path);
  if (file.metadata["format"] != kFormat) {
    throw Error(path.string() + ": is no checkpoint of this program's version");
  }
  const auto state = nlohmann::json::parse(file.metadata["state"], nullptr, false);
  RestoredRun restored{training_state_from_json(state, path.string()),
                       {file.metadata["recipe"], file.metadata["data_fingerprint"]}};
  copy_weights(take_under(kNet, file.tensors), net, path.string());
  optimizer.restore(take_under(kOptimizer, file.tensors), path.string());
  return restored;
}

}  // namespace fer
