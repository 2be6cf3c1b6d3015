#include "fer/train/run_fingerprint.h"

#include "fer/core/hash.h"

namespace fer::train {

std::string run_fingerprint(const TrainOptions& options, const data::FaceSet& train,
                            const data::FaceSet& val, const nn::Model& start,
                            const std::vector<nn::Model>& teachers) {
  std::string text = train.fingerprint() + " " + val.fingerprint();
  Hasher hasher;
  const auto add = [&](const at::Tensor& tensor) {
    const at::Tensor dense = tensor.detach().cpu().contiguous();
    hasher.add(dense.const_data_ptr(), dense.nbytes());
  };
  const auto add_model = [&](const nn::Model& model) {
    for (const auto& [name, tensor] : nn::named_weights(*model.net)) add(tensor);
    hasher.add(&model.info.input.mean, sizeof(double));
    hasher.add(&model.info.input.deviation, sizeof(double));
  };
  if (train.votes.defined()) add(train.votes);
  if (!options.init_from.empty()) add_model(start);
  for (const nn::Model& teacher : teachers) add_model(teacher);
  const bool more = train.votes.defined() || !options.init_from.empty() || !teachers.empty();
  return more ? text + " " + hex64(hasher.value()) : text;
}

}  // namespace fer::train
